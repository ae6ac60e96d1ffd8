package dev.teal.worker.run;

import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.ModelStatistics.BatchStats;
import dev.teal.protocol.oip.ModelStatistics.InferenceStats;
import dev.teal.protocol.oip.ModelStatistics.Total;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the protocol's statistics tell of a model: counts and nanoseconds since it was loaded, which only grow. */
final class Counters {
    private final InstantSource clock;
    private final TreeMap<Integer, long[]> batches = new TreeMap<>();
    private final long[] sums = new long[Sum.values().length * 2];
    private long rows;
    private long executions;
    private long lastMillis;

    /** Each a count and nanoseconds. */
    private enum Sum {
        SUCCESS,
        FAIL,
        QUEUE,
        COMPUTE_INPUT,
        COMPUTE_INFER,
        COMPUTE_OUTPUT,
        CACHE_HIT,
        CACHE_MISS
    }

    Counters(InstantSource clock) {
        this.clock = clock;
    }

    private void add(Sum sum, long nanos) {
        sums[sum.ordinal() * 2]++;
        sums[sum.ordinal() * 2 + 1] += Math.max(0, nanos);
    }

    /** A request was answered by the model. @param totalNanos from its arrival to its answer */
    synchronized void answered(
            int rowCount, long totalNanos, long queueNanos, long inputNanos, long inferNanos, long outputNanos) {
        lastMillis = clock.millis();
        rows += rowCount;
        add(Sum.SUCCESS, totalNanos);
        add(Sum.QUEUE, queueNanos);
        add(Sum.COMPUTE_INPUT, inputNanos);
        add(Sum.COMPUTE_INFER, inferNanos);
        add(Sum.COMPUTE_OUTPUT, outputNanos);
    }

    synchronized void ran(int rowCount, long inputNanos, long inferNanos, long outputNanos) {
        executions++;
        long[] batch = batch(rowCount);
        batch[0]++;
        batch[1] += inputNanos;
        batch[2] += inferNanos;
        batch[3] += outputNanos;
    }

    private long[] batch(int rowCount) {
        long[] known = batches.get(rowCount);
        if (known != null) {
            return known;
        }
        if (batches.size() < ModelStatistics.MOST_SIZES) {
            long[] fresh = new long[4];
            batches.put(rowCount, fresh);
            return fresh;
        }
        Map.Entry<Integer, long[]> below = batches.floorEntry(rowCount);
        return (below == null ? batches.firstEntry() : below).getValue();
    }

    /** A request was answered from memory: it waited as others do, as clients take its part of the queue to be counted. */
    synchronized void cacheHit(long totalNanos, long queueNanos, long lookupNanos) {
        lastMillis = clock.millis();
        add(Sum.SUCCESS, totalNanos);
        add(Sum.QUEUE, queueNanos);
        add(Sum.CACHE_HIT, lookupNanos);
    }

    synchronized void cacheMiss(long lookupNanos) {
        add(Sum.CACHE_MISS, lookupNanos);
    }

    synchronized void failed(long totalNanos) {
        add(Sum.FAIL, totalNanos);
    }

    synchronized ModelStatistics statistics(String name, String version) {
        List<BatchStats> sizes = new ArrayList<>();
        batches.forEach((size, batch) -> sizes.add(new BatchStats(
                size, new Total(batch[0], batch[1]), new Total(batch[0], batch[2]), new Total(batch[0], batch[3]))));
        InferenceStats requests = new InferenceStats(
                total(Sum.SUCCESS),
                total(Sum.FAIL),
                total(Sum.QUEUE),
                total(Sum.COMPUTE_INPUT),
                total(Sum.COMPUTE_INFER),
                total(Sum.COMPUTE_OUTPUT),
                total(Sum.CACHE_HIT),
                total(Sum.CACHE_MISS));
        return new ModelStatistics(name, version, lastMillis, rows, executions, requests, sizes, List.of());
    }

    private Total total(Sum sum) {
        return new Total(sums[sum.ordinal() * 2], sums[sum.ordinal() * 2 + 1]);
    }
}
