package dev.teal.gateway.forward;

import dev.teal.protocol.cell.Digests;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Bodies that have killed as many workers as one request may, kept away from workers for a while. The oldest goes when it is full. */
final class Quarantine {
    private static final int MOST = 1_000;
    private static final Duration TIME = Duration.ofMinutes(1);

    private final LongSupplier ticker;
    private final Map<Suspect, Long> untilNanos = new LinkedHashMap<>();
    private volatile boolean empty = true;

    private record Suspect(String endpoint, String bodyDigest) {}

    Quarantine(LongSupplier ticker) {
        this.ticker = ticker;
    }

    synchronized void put(String endpoint, byte[] body) {
        if (untilNanos.size() >= MOST) {
            untilNanos.remove(untilNanos.keySet().iterator().next());
        }
        untilNanos.put(new Suspect(endpoint, Digests.of(body)), ticker.getAsLong() + TIME.toNanos());
        empty = false;
    }

    /** Nearly always there is nothing in it, and then no body is hashed. */
    boolean holds(String endpoint, byte[] body) {
        return !empty && held(new Suspect(endpoint, Digests.of(body)));
    }

    private synchronized boolean held(Suspect suspect) {
        long now = ticker.getAsLong();
        untilNanos.values().removeIf(until -> until - now <= 0);
        empty = untilNanos.isEmpty();
        return untilNanos.containsKey(suspect);
    }

    synchronized int size() {
        return untilNanos.size();
    }
}
