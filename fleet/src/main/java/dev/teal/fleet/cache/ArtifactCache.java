package dev.teal.fleet.cache;

import dev.teal.protocol.worker.WorkerFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Artifacts and golden samples by digest: one fetch at a time for each, however many want it. Blocking. */
public final class ArtifactCache {

    private static final Logger log = LoggerFactory.getLogger(ArtifactCache.class);

    private final CacheFiles files;
    private final Download download;
    private final Supplier<Set<String>> pinned;
    private final Map<String, CompletableFuture<Path>> running = new ConcurrentHashMap<>();
    private final Counter hits;
    private final Counter misses;
    private final Counter joins;

    /** @param pinned digests that must stay, asked when room is needed */
    ArtifactCache(CacheFiles files, Download download, Supplier<Set<String>> pinned, MeterRegistry meters) {
        this.files = files;
        this.download = download;
        this.pinned = pinned;
        this.hits = meters.counter("fleet.cache.requests", "outcome", "hit");
        this.misses = meters.counter("fleet.cache.requests", "outcome", "miss");
        this.joins = meters.counter("fleet.cache.requests", "outcome", "joined");
        Gauge.builder("fleet.cache.size", files, CacheFiles::bytes)
                .baseUnit("bytes")
                .register(meters);
    }

    /** Where a digest's bytes are once they are there. */
    public Path path(String digest) {
        return files.path(digest);
    }

    public boolean has(String digest) {
        return files.has(digest);
    }

    /** @param source path at the control plane */
    public Path fetch(String digest, String source) throws FetchFailed, InterruptedException {
        if (files.has(digest)) {
            hits.increment();
            return use(digest);
        }
        CompletableFuture<Path> mine = new CompletableFuture<>();
        CompletableFuture<Path> first = running.putIfAbsent(digest, mine);
        if (first != null) {
            joins.increment();
            return await(first);
        }
        misses.increment();
        try {
            // The one before may have ended between our two looks
            mine.complete(files.has(digest) ? use(digest) : receive(digest, source));
        } catch (FetchFailed | RuntimeException e) {
            mine.completeExceptionally(e);
        } finally {
            running.remove(digest);
        }
        return await(mine);
    }

    /** A worker found that the bytes on disk are not what they should be: they go, and the next fetch brings them anew. */
    public void discard(String digest) {
        try {
            files.discard(digest);
            log.atWarn().addKeyValue("digest", digest).log("Cached artifact discarded, its bytes do not match");
        } catch (IOException e) {
            log.atError()
                    .addKeyValue("digest", digest)
                    .addKeyValue("reason", e.getMessage())
                    .log("Corrupt artifact could not be removed from the cache");
        }
    }

    private Path use(String digest) {
        try {
            files.used(digest);
        } catch (IOException e) {
            log.atDebug().addKeyValue("digest", digest).log("Use of an artifact could not be noted");
        }
        return files.path(digest);
    }

    private Path receive(String digest, String source) throws FetchFailed {
        Path partial = newPartial(digest);
        try {
            download.to(partial, digest, source, this::makeRoom);
            files.keep(partial, digest);
            log.atInfo().addKeyValue("digest", digest).log("Artifact fetched");
            return files.path(digest);
        } catch (IOException e) {
            throw new FetchFailed(WorkerFailure.Code.FETCH_FAILED, "could not keep " + digest + ": " + e.getMessage());
        } finally {
            removePartial(partial);
        }
    }

    private Path newPartial(String digest) throws FetchFailed {
        try {
            return files.newPartial(digest);
        } catch (IOException e) {
            throw new FetchFailed(WorkerFailure.Code.FETCH_FAILED, "could not keep " + digest + ": " + e.getMessage());
        }
    }

    private void makeRoom(long bytes) throws FetchFailed {
        try {
            files.makeRoom(bytes, pinned.get());
        } catch (IOException e) {
            throw new FetchFailed(
                    WorkerFailure.Code.FETCH_FAILED, "no room could be made in the artifact cache: " + e.getMessage());
        }
    }

    /** What workers made of artifacts is counted when it is there: what is too much then goes. */
    void trim() {
        try {
            files.makeRoom(0, pinned.get());
        } catch (FetchFailed | IOException e) {
            log.atDebug().addKeyValue("reason", e.getMessage()).log("Artifact cache stays above its capacity");
        }
    }

    private static void removePartial(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("Part of an artifact could not be removed");
        }
    }

    private static Path await(CompletableFuture<Path> fetch) throws FetchFailed, InterruptedException {
        try {
            return fetch.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FetchFailed failed
                    ? failed
                    : new FetchFailed(WorkerFailure.Code.FETCH_FAILED, String.valueOf(e.getCause()));
        }
    }
}
