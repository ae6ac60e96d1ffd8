package dev.teal.protocol.onnx;

/**
 * Counts the parts of one file. An empty node is two bytes in the file and some hundred in a runtime's memory, so a small file can be a large
 * model; the limits are several times what the largest published models have.
 */
final class Census {
    enum Part {
        NODES("nodes", 500_000),
        ATTRIBUTES("attributes", 2_000_000),
        TENSORS("weights and constants", 500_000),
        GRAPHS("graphs", 100_000),
        FUNCTIONS("functions", 1_000),
        STRINGS("strings", 4_000_000),
        VALUES("values with a type", 1_000_000),
        NAME_BYTES("bytes of names", 64 << 20);

        private final String words;
        private final int most;

        Part(String words, int most) {
            this.words = words;
            this.most = most;
        }
    }

    private final long[] counts = new long[Part.values().length];

    void count(Part part) {
        count(part, 1);
    }

    void count(Part part, long more) {
        if ((counts[part.ordinal()] += more) > part.most) {
            throw OnnxRefused.overLimit("it has more than " + part.most + " " + part.words);
        }
    }
}
