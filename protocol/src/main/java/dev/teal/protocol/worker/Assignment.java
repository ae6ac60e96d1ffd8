package dev.teal.protocol.worker;

import dev.teal.protocol.Color;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /worker/v1/assignment} on a worker's control socket: what to run. A worker takes one in its life.
 *
 * @param artifactFile path of the artifact in the cell's cache; the worker verifies it against {@code digest}
 * @param config what else is registered of the version; null where nothing is
 * @param samplesFile path of the golden samples' JSON, verified against {@code samplesDigest}; null where there are none
 */
public record Assignment(
        String endpoint,
        String environment,
        Color color,
        String model,
        String version,
        String digest,
        String artifactFile,
        @Nullable String samplesDigest,
        @Nullable String samplesFile,
        ModelSignature signature,
        @Nullable ModelConfig config,
        RuntimeSettings runtime) {

    /** Of a version that came as a file alone. */
    public Assignment(
            String endpoint,
            String environment,
            Color color,
            String model,
            String version,
            String digest,
            String artifactFile,
            @Nullable String samplesDigest,
            @Nullable String samplesFile,
            ModelSignature signature,
            RuntimeSettings runtime) {
        this(
                endpoint,
                environment,
                color,
                model,
                version,
                digest,
                artifactFile,
                samplesDigest,
                samplesFile,
                signature,
                null,
                runtime);
    }
}
