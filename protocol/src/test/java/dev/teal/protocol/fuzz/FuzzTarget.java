package dev.teal.protocol.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Something that reads bytes from outside. Targets are found with {@link java.util.ServiceLoader}: a module names its own in
 * {@code src/test/resources/META-INF/services/dev.teal.protocol.fuzz.FuzzTarget}.
 */
public interface FuzzTarget {
    /** Unique; also the folder of its kept inputs, {@code fuzz/{name}/} on the test class path. */
    String name();

    /** Inputs to begin with: small, valid, and together of every feature. */
    List<byte[]> seeds();

    /** Words of the format that mutation puts in and that chance would not find. */
    default List<byte[]> words() {
        return List.of();
    }

    /**
     * Reads one input. What the reader may throw is caught in here; all that comes out is a failure, also an {@link AssertionError} where
     * an answer is wrong or took too much memory.
     *
     * @return what became of it, in words: {@code "ok"}, or the refusal. Inputs of a new outcome (whatever its numbers and names) are
     *     mutated further, so the more this says, the deeper the search goes
     */
    String run(byte[] input) throws Exception;

    static List<byte[]> words(String... words) {
        return List.of(words).stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
