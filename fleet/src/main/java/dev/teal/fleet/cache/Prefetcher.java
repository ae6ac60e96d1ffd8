package dev.teal.fleet.cache;

import dev.teal.protocol.cell.CellState;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches what the state document names before anybody wakes it, so that a wake works with the control plane dead. */
public final class Prefetcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Prefetcher.class);

    private final ArtifactCache cache;
    private final PinnedDigests pinned;
    private final Duration every;
    private final Semaphore atOnce;
    private final Semaphore nudge = new Semaphore(0);
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    /** Each takes one place, however often it is looked at meanwhile. */
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    private final Thread thread;

    Prefetcher(ArtifactCache cache, PinnedDigests pinned, CacheProperties properties) {
        this.cache = cache;
        this.pinned = pinned;
        this.every = properties.prefetchEvery();
        this.atOnce = new Semaphore(properties.prefetches());
        this.thread = Thread.ofVirtual().name("prefetch").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** From now on these digests stay, and those not there yet are fetched. */
    public void adopt(CellState state) {
        pinned.adopt(state);
        nudge.release();
    }

    private void run() {
        try {
            while (true) {
                for (Map.Entry<String, String> wanted : pinned.sources().entrySet()) {
                    if (!cache.has(wanted.getKey()) && underWay.add(wanted.getKey())) {
                        atOnce.acquire();
                        Thread.ofVirtual().name("prefetch").start(() -> fetch(wanted.getKey(), wanted.getValue()));
                    }
                }
                cache.trim();
                failing.retainAll(pinned.sources().keySet());
                nudge.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS);
                nudge.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fetch(String digest, String source) {
        try {
            cache.fetch(digest, source);
            failing.remove(digest);
        } catch (FetchFailed e) {
            if (failing.add(digest)) {
                log.atWarn().addKeyValue("reason", e.getMessage()).log("Fetch ahead of need failed, tried again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.remove(digest);
            atOnce.release();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
