package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;
import java.util.List;
import java.util.Map;

/** The {@code config.pbtxt} is of another model: its tensors are not those of the file. */
public final class ConfigMismatch extends Refused {
    private final List<String> differences;

    public ConfigMismatch(List<String> differences) {
        super(
                Kind.INVALID,
                "The configuration does not fit the model",
                "config.pbtxt does not fit the model's file: " + String.join("; ", differences) + ".");
        this.differences = List.copyOf(differences);
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("differences", differences);
    }
}
