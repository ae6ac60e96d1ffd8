package dev.teal.protocol.worker;

/** Resident memory of the process, measured, in bytes. */
public record WorkerMemory(long beforeLoadBytes, long afterLoadBytes, long afterWarmUpBytes) {
    /** What the model version itself takes. */
    public long modelBytes() {
        return Math.max(0, afterWarmUpBytes - beforeLoadBytes);
    }
}
