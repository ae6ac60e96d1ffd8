package dev.teal.worker.contain;

import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.worker.life.Life;
import dev.teal.worker.onnx.EndedRuns;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the process while it holds work, and ends it where nothing less helps. A large allocation is refused by the system's limit
 * and comes back as an error; many small ones are seen here, well before that limit would take memory from the JVM itself.
 */
public final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    /** The kernel fills pages at 1 to 2 GB/s, so between two looks a process grows by some tens of megabytes. */
    private static final long LOOK_NANOS = 20_000_000;

    /** Looks go on for this long after the last work: to begin them costs a signal, which a steady stream of requests need not pay. */
    private static final long LINGER_NANOS = 1_000_000_000;

    /** For the JVM beyond the limit: compiled code, metadata, stacks, and the model's growth between two looks. */
    private static final long ROOM_FOR_JVM = 256L << 20;

    /** Java's heap as it may have grown, compiled code, and what allocators keep. */
    private static final long MOST_LEFT_OVER = 96L << 20;

    private static final long MEBI = 1 << 20;

    private final Life life;
    private final Limits limits;
    private final Confinement confinement;
    private volatile long firstAnonymousBytes;
    private volatile long mostAnonymousBytes = Long.MAX_VALUE;
    private volatile @Nullable Proving proving;

    /** @param cancel makes it end early, as far as it can be made to */
    private record Proving(long sinceNanos, Runnable cancel) {}

    public Guard(Life life, Limits limits, Confinement confinement) {
        this.life = life;
        this.limits = limits;
        this.confinement = confinement;
    }

    public void start() {
        confinement.begin();
        Thread.ofPlatform().daemon().name("guard").start(this::run);
    }

    /** Before anything of a model is loaded. */
    public void limitMemory(long artifactBytes) {
        ProcessMemory now = ProcessMemory.now();
        if (now.dataBytes() == 0) {
            return;
        }
        if (firstAnonymousBytes == 0) {
            firstAnonymousBytes = now.anonymousBytes();
        }
        long most = limits.memoryBytes(artifactBytes);
        Runtime java = Runtime.getRuntime();
        long heapToCome = Math.max(0, java.maxMemory() - java.totalMemory());
        mostAnonymousBytes = now.anonymousBytes() + most;
        confinement.limitData(now.dataBytes() + heapToCome + most + ROOM_FOR_JVM);
    }

    /**
     * Gives back what a model has left, and says whether enough came back.
     *
     * @return the bytes that the process holds beyond what it held before its first model; empty if they are few
     */
    public OptionalLong leftOver() {
        System.gc();
        confinement.trim();
        long over = ProcessMemory.now().anonymousBytes() - firstAnonymousBytes;
        return firstAnonymousBytes > 0 && over > MOST_LEFT_OVER ? OptionalLong.of(over) : OptionalLong.empty();
    }

    /** What may be taken for something that can be left undone. */
    public long spareBytes() {
        ProcessMemory now = ProcessMemory.now();
        return Math.min(mostAnonymousBytes - now.anonymousBytes(), ProcessMemory.availableBytes());
    }

    /** Gives freed memory back. */
    public void trim() {
        confinement.trim();
    }

    /** The process is not to be used again, and nothing is wrong with its model. */
    public void retire(String why) {
        exit(WorkerExit.WORN, why);
    }

    public void proofBegins(Runnable cancel) {
        proving = new Proving(System.nanoTime(), cancel);
    }

    public void proofEnds() {
        proving = null;
    }

    private void run() {
        try (ResidentWatch resident = new ResidentWatch()) {
            while (true) {
                life.awaitBusy();
                long busyNanos = System.nanoTime();
                while (System.nanoTime() - busyNanos < LINGER_NANOS) {
                    if (life.busy() || proving != null) {
                        busyNanos = System.nanoTime();
                    }
                    look(resident);
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.atInfo().addKeyValue("reason", e.getMessage()).log("Memory cannot be watched on this system");
        }
    }

    private void look(ResidentWatch resident) throws IOException {
        long anonymous = resident.anonymousBytes();
        if (anonymous > mostAnonymousBytes) {
            String words = "the model took more memory than a worker may have: " + anonymous / MEBI
                    + " MiB with all, the limit is " + mostAnonymousBytes / MEBI + " MiB";
            life.fail(new WorkerFailure(Code.MEMORY_EXCEEDED, words));
            exit(WorkerExit.MEMORY_EXCEEDED, words);
        }
        Proving now = proving;
        if (now != null) {
            look(now);
        }
        OptionalLong told = EndedRuns.oldestNanos();
        if (told.isPresent() && millisSince(told.getAsLong()) > limits.graceMillis()) {
            exit(WorkerExit.RUN_STUCK, "a run of the model went on after it was told to end");
        }
    }

    private void look(Proving now) {
        long millis = millisSince(now.sinceNanos());
        if (millis > limits.proveMillis()) {
            String words = "the model was not loaded, warmed up and tested within " + limits.proveMillis() + " ms";
            if (life.fail(new WorkerFailure(Code.TIME_EXCEEDED, words))) {
                now.cancel().run();
            }
            if (millis > limits.proveMillis() + limits.graceMillis()) {
                exit(WorkerExit.TIME_EXCEEDED, words);
            }
        }
    }

    private void exit(WorkerExit why, String words) {
        log.atError().addKeyValue("reason", words).addKeyValue("exit", why).log("Worker ends itself");
        confinement.exit(why);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
