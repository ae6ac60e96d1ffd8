package dev.teal.worker.contain;

import java.util.List;

/** Tells an error of ONNX Runtime that is want of memory from all others; its codes do not, so its words must. */
public final class MemoryShortage {
    private static final List<String> WORDS = List.of(
            "bad_alloc",
            "bad allocation",
            "Failed to allocate memory",
            "failed to allocate memory",
            "bad_array_new_length",
            "out of memory");

    private MemoryShortage() {}

    public static boolean isIn(String message) {
        return WORDS.stream().anyMatch(message::contains);
    }
}
