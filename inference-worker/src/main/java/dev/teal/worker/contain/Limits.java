package dev.teal.worker.contain;

/**
 * What a model may take of its worker.
 *
 * @param memoryBytes beyond what the worker held before it was assigned; {@value #ROOM_FOR_FILE} times the artifact's size comes on top
 * @param proveMillis from the assignment until ready or failed; less than the fleet waits
 * @param graceMillis for what was told to end; what goes on then ends with the process
 */
public record Limits(long memoryBytes, long proveMillis, long graceMillis) {
    public static final Limits DEFAULT = new Limits(4L << 30, 240_000, 10_000);

    /** Weights in the runtime's memory, once more rearranged for its kernels, and once while they are read. */
    static final int ROOM_FOR_FILE = 3;

    public Limits {
        if (memoryBytes < 1 << 20) {
            throw new IllegalArgumentException("--memory-limit-bytes must be 1 MiB or more, got " + memoryBytes);
        }
        if (proveMillis < 1 || graceMillis < 1) {
            throw new IllegalArgumentException(
                    "times must be 1 ms or more, got prove=" + proveMillis + " grace=" + graceMillis);
        }
    }

    /** Bytes for a model whose file has so many. */
    long memoryBytes(long artifactBytes) {
        return Math.addExact(memoryBytes, ROOM_FOR_FILE * artifactBytes);
    }
}
