package dev.teal.worker.run;

import dev.teal.protocol.oip.Tensor;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Answers that were computed, by the digest of their inputs and the outputs wanted: bounded in bytes, least recently used first out. It lives
 * and dies with one loaded version, so it can't answer for another. Large ones lie outside of Java's heap, which is small beside what an
 * endpoint may ask to be kept.
 */
final class ResponseCache implements AutoCloseable {
    /** What an entry takes beside its elements, roughly: key, tensors, the map's node. */
    private static final long ENTRY_BYTES = 400;

    /** To give memory outside of the heap back stops all threads for a moment, which is little beside the copy of so much. */
    private static final long LARGE_BYTES = 16 << 10;

    private final long maxBytes;
    private final long maxHeapBytes;
    private final Map<ByteBuffer, Kept> answers = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long heapBytes;

    /** @param maxHeapBytes of entries and of answers that are small */
    ResponseCache(long maxBytes, long maxHeapBytes) {
        this.maxBytes = maxBytes;
        this.maxHeapBytes = maxHeapBytes;
    }

    static ResponseCache ofProcess(long maxBytes) {
        return new ResponseCache(maxBytes, Runtime.getRuntime().maxMemory() / 8);
    }

    /**
     * A known answer.
     *
     * @param release to be run when it is written; a second time does nothing
     */
    record Known(List<Tensor> outputs, Runnable release) {}

    /** Memory of one answer, outside of Java's heap. */
    private static final class Outside {
        private final Arena arena = Arena.ofShared();
    }

    /** An answer that stays where it is until the cache and all who were given it have let it go. */
    private static final class Kept {
        private final List<Tensor> outputs;
        private final @Nullable Outside outside;
        private final long bytes;
        private final AtomicInteger holders = new AtomicInteger(1);

        private Kept(List<Tensor> given) {
            this.bytes = size(given);
            Outside memory = bytes < LARGE_BYTES ? null : new Outside();
            this.outside = memory;
            try {
                this.outputs =
                        given.stream().map(output -> copy(output, memory)).toList();
            } catch (RuntimeException | Error e) {
                release();
                throw e;
            }
        }

        Known known() {
            holders.incrementAndGet();
            AtomicBoolean released = new AtomicBoolean();
            return new Known(outputs, () -> {
                if (released.compareAndSet(false, true)) {
                    release();
                }
            });
        }

        private long heapBytes() {
            return outside == null ? bytes : ENTRY_BYTES;
        }

        void release() {
            if (holders.decrementAndGet() == 0 && outside != null) {
                outside.arena.close();
            }
        }
    }

    /** @param inputs in the model's order */
    static ByteBuffer key(List<Tensor> inputs, List<String> wanted) {
        MessageDigest digest = sha256();
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        for (Tensor input : inputs) {
            digest.update(number.clear().putLong(0, input.datatype().ordinal()));
            digest.update(number.clear().putLong(0, input.shape().length));
            for (long dimension : input.shape()) {
                digest.update(number.clear().putLong(0, dimension));
            }
            digest.update(number.clear().putLong(0, input.data().remaining()));
            digest.update(input.data().duplicate());
        }
        for (String name : wanted) {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            digest.update(number.clear().putLong(0, text.length));
            digest.update(text);
        }
        return ByteBuffer.wrap(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    synchronized @Nullable Known get(ByteBuffer key) {
        Kept kept = answers.get(key);
        return kept == null ? null : kept.known();
    }

    /** Keeps a copy, unless it is larger than all the room there is. */
    void put(ByteBuffer key, List<Tensor> outputs) {
        if (size(outputs) > maxBytes) {
            return;
        }
        Kept kept = new Kept(outputs);
        synchronized (this) {
            Kept before = answers.put(key, kept);
            bytes += kept.bytes;
            heapBytes += kept.heapBytes();
            if (before != null) {
                forget(before);
            }
            var eldest = answers.values().iterator();
            while (bytes > maxBytes || heapBytes > maxHeapBytes) {
                forget(eldest.next());
                eldest.remove();
            }
        }
    }

    private void forget(Kept kept) {
        bytes -= kept.bytes;
        heapBytes -= kept.heapBytes();
        kept.release();
    }

    synchronized long heldBytes() {
        return bytes;
    }

    @Override
    public synchronized void close() {
        answers.values().forEach(this::forget);
        answers.clear();
    }

    private static long size(List<Tensor> outputs) {
        long sum = ENTRY_BYTES;
        for (Tensor output : outputs) {
            sum += output.data().remaining();
        }
        return sum;
    }

    private static Tensor copy(Tensor tensor, @Nullable Outside outside) {
        int length = tensor.data().remaining();
        ByteBuffer data = (outside == null
                        ? ByteBuffer.allocate(length)
                        : outside.arena.allocate(length).asByteBuffer())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(tensor.data().duplicate())
                .flip();
        return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), data);
    }
}
