package dev.teal.platform.registry.triton;

import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import java.util.List;

/**
 * @param signature the model's, with those dimensions that the file leaves open and the configuration does not
 * @param notes what of the configuration does not apply, and what to do instead
 */
public record ImportedConfig(ModelConfig config, ModelSignature signature, List<String> notes) {
    public ImportedConfig {
        notes = List.copyOf(notes);
    }
}
