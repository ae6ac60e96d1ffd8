package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The new version takes or gives other tensors than the active one, so its callers would notice. Refused before anything is loaded. */
public final class SignatureIncompatible extends Refused {
    private static final long serialVersionUID = 1;
    private final transient List<String> differences;

    private SignatureIncompatible(String active, String version, List<String> differences) {
        super(
                Kind.INVALID,
                "The signature is incompatible",
                "version " + version + " takes or gives other tensors than version " + active + ", which callers use: "
                        + String.join("; ", differences) + ". Serve it under an endpoint of its own");
        this.differences = List.copyOf(differences);
    }

    static void check(String activeVersion, ModelSignature active, String version, ModelSignature other) {
        List<String> differences = new ArrayList<>();
        compare("input", active.inputs(), other.inputs(), differences);
        compare("output", active.outputs(), other.outputs(), differences);
        if (!differences.isEmpty()) {
            throw new SignatureIncompatible(activeVersion, version, differences);
        }
    }

    private static void compare(
            String what, List<TensorSpec> active, List<TensorSpec> other, List<String> differences) {
        Map<String, TensorSpec> theirs = new LinkedHashMap<>();
        other.forEach(tensor -> theirs.put(tensor.name(), tensor));
        int before = differences.size();
        for (TensorSpec tensor : active) {
            TensorSpec their = theirs.remove(tensor.name());
            if (their == null) {
                differences.add(what + " " + words(tensor) + " is missing");
            } else if (!their.equals(tensor)) {
                differences.add(what + " " + words(tensor) + " is " + their.datatype() + their.shape());
            }
        }
        theirs.values().forEach(tensor -> differences.add(what + " " + words(tensor) + " is new"));
        if (differences.size() == before && !active.equals(other)) {
            differences.add(what + "s stand in another order");
        }
    }

    private static String words(TensorSpec tensor) {
        return "'" + tensor.name() + "' " + tensor.datatype() + tensor.shape();
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("differences", differences);
    }
}
