package dev.teal.gateway.admission;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Buckets by name. One that is full is as good as none, so those are thrown away whenever there are many: what is left has just been used. */
final class Buckets {
    private static final int MANY = 10_000;

    private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();
    private final AtomicInteger sweepAt = new AtomicInteger(MANY);

    TokenBucket of(String name, long nowNanos) {
        TokenBucket bucket = buckets.get(name);
        if (bucket != null) {
            return bucket;
        }
        int most = sweepAt.get();
        if (buckets.size() >= most && sweepAt.compareAndSet(most, Integer.MAX_VALUE)) {
            buckets.values().removeIf(each -> each.isFull(nowNanos));
            sweepAt.set(Math.max(MANY, buckets.size() * 2));
        }
        return buckets.computeIfAbsent(name, _ -> new TokenBucket(nowNanos));
    }

    int size() {
        return buckets.size();
    }
}
