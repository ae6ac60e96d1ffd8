package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.WireReader.once;

import java.util.HashMap;
import java.util.Map;

/** Which version of each domain's operators a model or function is written for. */
final class OperatorSets {
    private static final long ONCE = once(1, 2);
    private static final int MOST = 100;

    /**
     * The versions that ONNX Runtime 1.29 promises to run (tried: it refuses newer ones by their number, and has next to nothing for older). A
     * domain that is only named and never used may be any: its own optimizer names all that it knows.
     */
    private static final Map<String, Range> KNOWN =
            Map.of("", new Range(7, 26), "ai.onnx.ml", new Range(1, 5), "com.microsoft", new Range(1, 1));

    private record Range(long oldest, long newest) {}

    private final Map<String, Long> versions = new HashMap<>();

    void read(WireReader in, int wireType) {
        String[] domain = {""};
        long[] version = {0};
        in.message(wireType, ONCE, (field, type) -> {
            switch (field) {
                case 1 -> domain[0] = in.text(type);
                case 2 -> version[0] = in.number(type);
                default -> in.skip(type);
            }
        });
        add(domain[0].equals("ai.onnx") ? "" : domain[0], version[0]);
    }

    private void add(String domain, long version) {
        String name = domain.isEmpty() ? "ai.onnx" : Printable.of(domain);
        if (version < 1) {
            throw OnnxRefused.notAModel("operator set '" + name + "' has version " + version);
        }
        Range known = KNOWN.get(domain);
        if (known != null && (version < known.oldest() || version > known.newest())) {
            throw OnnxRefused.operators("version " + version + " of " + name + "; those from " + known.oldest() + " to "
                    + known.newest() + " work");
        }
        if (versions.size() >= MOST) {
            throw OnnxRefused.overLimit("it names more than " + MOST + " operator sets");
        }
        if (versions.putIfAbsent(domain, version) != null) {
            throw OnnxRefused.notAModel("it names the operator set '" + name + "' twice");
        }
    }

    void requireSome() {
        if (versions.isEmpty()) {
            throw OnnxRefused.notAModel("it names no operator set");
        }
    }

    long defaultVersion() {
        return versions.getOrDefault("", 0L);
    }
}
