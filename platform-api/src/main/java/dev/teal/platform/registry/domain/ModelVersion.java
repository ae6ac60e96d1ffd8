package dev.teal.platform.registry.domain;

import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is registered under a model's name, and never changes.
 *
 * @param digest of the artifact, {@code sha256:<64 hex>}
 * @param config what applies of the {@code config.pbtxt} that came with it, or null where none did
 * @param notes what of that does not apply
 * @param samplesDigest of the golden samples' JSON, or null where there are none
 */
public record ModelVersion(
        String model,
        String version,
        String digest,
        long artifactBytes,
        ModelSignature signature,
        @Nullable ModelConfig config,
        List<String> notes,
        @Nullable String samplesDigest,
        int samplesCount,
        String description,
        Map<String, String> labels,
        Instant createdAt,
        String createdBy) {
    public ModelVersion {
        notes = List.copyOf(notes);
        labels = Map.copyOf(labels);
    }
}
