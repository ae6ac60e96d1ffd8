package dev.teal.platform.registry.triton;

import dev.teal.protocol.oip.ModelConfig;
import java.util.List;

/** @param notes what of the file does not apply, and what to do instead */
public record ImportedConfig(ModelConfig config, List<String> notes) {
    public ImportedConfig {
        notes = List.copyOf(notes);
    }
}
