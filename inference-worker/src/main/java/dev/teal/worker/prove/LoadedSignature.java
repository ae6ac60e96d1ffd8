package dev.teal.worker.prove;

import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.worker.onnx.OnnxSession;
import java.util.List;
import java.util.Optional;

/** Compares what ONNX Runtime loaded with what the registry read from the file. */
final class LoadedSignature {
    private LoadedSignature() {}

    /** The first difference in words. */
    static Optional<String> difference(ModelSignature registered, OnnxSession loaded) {
        return difference("input", registered.inputs(), loaded.inputs())
                .or(() -> difference("output", registered.outputs(), loaded.outputs()));
    }

    private static Optional<String> difference(String what, List<TensorSpec> registered, List<TensorSpec> loaded) {
        if (registered.size() != loaded.size()) {
            return Optional.of(
                    "the model has " + loaded.size() + " " + what + "s, " + registered.size() + " are registered");
        }
        for (int i = 0; i < registered.size(); i++) {
            if (!same(registered.get(i), loaded.get(i))) {
                return Optional.of("the model's " + what + " " + (i + 1) + " is " + text(loaded.get(i))
                        + ", registered is " + text(registered.get(i)));
            }
        }
        return Optional.empty();
    }

    /** The runtime works out some dimensions that the file leaves open, so an open one goes with any; so does a shape left out. */
    private static boolean same(TensorSpec registered, TensorSpec loaded) {
        if (!registered.name().equals(loaded.name()) || registered.datatype() != loaded.datatype()) {
            return false;
        }
        List<Long> one = registered.shape();
        List<Long> other = loaded.shape();
        if (one.isEmpty() || other.isEmpty()) {
            return true;
        }
        boolean same = one.size() == other.size();
        for (int i = 0; same && i < one.size(); i++) {
            same = one.get(i).equals(other.get(i)) || one.get(i) == -1 || other.get(i) == -1;
        }
        return same;
    }

    private static String text(TensorSpec spec) {
        return "'" + spec.name() + "' " + spec.datatype() + " " + spec.shape();
    }
}
