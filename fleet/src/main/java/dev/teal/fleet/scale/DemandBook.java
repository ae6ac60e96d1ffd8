package dev.teal.fleet.scale;

import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.Demand.EnvironmentDemand;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The last word of each gateway. */
public final class DemandBook {

    private static final int MOST_GATEWAYS = 256;

    private final long silentNanos;
    private final long forgetNanos;
    private final LongSupplier nanoTime;
    private final Map<String, Word> words = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private record Word(Demand demand, long heardNanos, Map<String, Long> lastWanted) {}

    /**
     * What is known of one environment.
     *
     * @param known false if no gateway is heard, or one of them has fallen silent
     * @param heardNanos when the newest word came
     * @param wantedNanos when somebody last wanted something, or was first heard not to
     */
    public record Known(boolean known, int concurrency, long heardNanos, long wantedNanos) {}

    DemandBook(Duration silentAfter, Duration forgetAfter, LongSupplier nanoTime) {
        this.silentNanos = silentAfter.toNanos();
        this.forgetNanos = forgetAfter.toNanos();
        this.nanoTime = nanoTime;
    }

    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** A late report of the same instance changes nothing. */
    void hear(Demand demand) {
        if (put(demand)) {
            listeners.forEach(Runnable::run);
        }
    }

    private synchronized boolean put(Demand demand) {
        Word before = words.get(demand.gateway());
        boolean same = before != null && before.demand().instance().equals(demand.instance());
        if (before != null && same && demand.sequence() <= before.demand().sequence()) {
            return false;
        }
        if (before == null && words.size() >= MOST_GATEWAYS) {
            return false;
        }
        words.put(demand.gateway(), next(same ? before : null, demand));
        return true;
    }

    private Word next(@Nullable Word before, Demand demand) {
        long now = nanoTime.getAsLong();
        Map<String, Long> lastWanted = new HashMap<>();
        for (EnvironmentDemand environment : demand.environments()) {
            lastWanted.merge(
                    key(environment.environment(), environment.digest()),
                    lastWanted(before, environment, now),
                    Math::max);
        }
        if (before != null) {
            before.lastWanted().forEach(lastWanted::putIfAbsent);
            lastWanted.values().removeIf(at -> now - at > forgetNanos * 60);
        }
        return new Word(demand, now, lastWanted);
    }

    private static long lastWanted(@Nullable Word before, EnvironmentDemand demand, long now) {
        if (before == null || demand.inFlight() > 0 || demand.queued() > 0) {
            return now;
        }
        long requestsBefore = before.demand().environments().stream()
                .filter(old -> old.environment().equals(demand.environment())
                        && old.digest().equals(demand.digest()))
                .mapToLong(EnvironmentDemand::requests)
                .max()
                .orElse(0);
        String key = key(demand.environment(), demand.digest());
        return demand.requests() > requestsBefore ? now : before.lastWanted().getOrDefault(key, before.heardNanos());
    }

    /** @param sinceNanos when the environment came to be what it is: nobody can have wanted it before */
    public synchronized Known of(String environment, String digest, long sinceNanos) {
        long now = nanoTime.getAsLong();
        // A gateway that is away for long is gone for good, and must not hold the scale for ever
        words.values().removeIf(word -> now - word.heardNanos() > forgetNanos);
        boolean known = !words.isEmpty();
        int concurrency = 0;
        long wanted = sinceNanos;
        long heard = sinceNanos;
        for (Word word : words.values()) {
            known &= now - word.heardNanos() <= silentNanos;
            heard = word.heardNanos() - heard > 0 ? word.heardNanos() : heard;
            for (EnvironmentDemand demand : word.demand().environments()) {
                if (demand.environment().equals(environment) && demand.digest().equals(digest)) {
                    concurrency += demand.inFlight() + demand.queued();
                }
            }
            Long last = word.lastWanted().get(key(environment, digest));
            if (last != null && last - wanted > 0) {
                wanted = last;
            }
        }
        return new Known(known, concurrency, heard, wanted);
    }

    private static String key(String environment, String digest) {
        return environment + ' ' + digest;
    }
}
