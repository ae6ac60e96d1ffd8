package dev.teal.protocol.worker;

import org.jspecify.annotations.Nullable;

/**
 * Memory of a worker's process, measured, in bytes: resident, files that it maps and shares included, and what of it is whose.
 *
 * @param beforeLoad null where it was not measured, as the two others
 */
public record WorkerMemory(
        long beforeLoadBytes,
        long afterLoadBytes,
        long afterWarmUpBytes,
        @Nullable Parts beforeLoad,
        @Nullable Parts afterLoad,
        @Nullable Parts afterWarmUp) {

    /**
     * What is resident for this process alone.
     *
     * @param anonymousBytes all of it: Java's heap, the JVM's own, the runtime's
     * @param heapBytes that Java's objects take, garbage included
     */
    public record Parts(long anonymousBytes, long heapBytes) {}

    public WorkerMemory(long beforeLoadBytes, long afterLoadBytes, long afterWarmUpBytes) {
        this(beforeLoadBytes, afterLoadBytes, afterWarmUpBytes, null, null, null);
    }

    /** What the model version itself takes. */
    public long modelBytes() {
        return Math.max(0, afterWarmUpBytes - beforeLoadBytes);
    }
}
