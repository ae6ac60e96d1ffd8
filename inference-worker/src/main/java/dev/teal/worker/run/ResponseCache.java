package dev.teal.worker.run;

import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers that were computed, by the digest of their inputs and the outputs wanted: bounded in bytes, least recently used first out. It lives
 * and dies with one loaded version, so it can't answer for another.
 */
final class ResponseCache {
    /** What an entry takes beside its elements, roughly: key, tensors, the map's node. */
    private static final long ENTRY_BYTES = 400;

    private final long maxBytes;
    private final Map<ByteBuffer, List<Tensor>> answers = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    ResponseCache(long maxBytes) {
        this.maxBytes = maxBytes;
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

    synchronized @Nullable List<Tensor> get(ByteBuffer key) {
        return answers.get(key);
    }

    /** Keeps a copy, unless it is larger than all the room there is. */
    void put(ByteBuffer key, List<Tensor> outputs) {
        long size = bytes(outputs);
        if (size > maxBytes) {
            return;
        }
        List<Tensor> copies = outputs.stream().map(ResponseCache::copy).toList();
        synchronized (this) {
            List<Tensor> before = answers.put(key, copies);
            bytes += size - (before == null ? 0 : bytes(before));
            var eldest = answers.entrySet().iterator();
            while (bytes > maxBytes) {
                bytes -= bytes(eldest.next().getValue());
                eldest.remove();
            }
        }
    }

    synchronized long heldBytes() {
        return bytes;
    }

    private static long bytes(List<Tensor> outputs) {
        long sum = ENTRY_BYTES;
        for (Tensor output : outputs) {
            sum += output.data().remaining();
        }
        return sum;
    }

    private static Tensor copy(Tensor tensor) {
        ByteBuffer data = ByteBuffer.allocate(tensor.data().remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(tensor.data().duplicate())
                .flip();
        return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), data);
    }
}
