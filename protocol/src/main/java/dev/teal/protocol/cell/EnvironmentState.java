package dev.teal.protocol.cell;

import dev.teal.protocol.Color;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One color of an endpoint: a model version and what runs it.
 *
 * @param id stable per endpoint and color; what wake and demand name
 * @param digest {@code sha256:<64 hex>} of the artifact
 * @param artifactPath where the fleet fetches the artifact, relative to the control plane's address
 * @param samplesDigest digest of the golden samples' JSON, or null where the version has none
 * @param config what else is registered of the version, or null
 * @param standbyUntil end of the standby window, only in {@link EnvironmentPhase#STANDBY}
 */
public record EnvironmentState(
        String id,
        Color color,
        EnvironmentPhase phase,
        String model,
        String version,
        String digest,
        long artifactBytes,
        String artifactPath,
        @Nullable String samplesDigest,
        @Nullable String samplesPath,
        ModelSignature signature,
        @Nullable ModelConfig config,
        RuntimeSettings runtime,
        Scaling scaling,
        @Nullable Instant standbyUntil) {
    /** Of a version that came as a file alone. */
    public EnvironmentState(
            String id,
            Color color,
            EnvironmentPhase phase,
            String model,
            String version,
            String digest,
            long artifactBytes,
            String artifactPath,
            @Nullable String samplesDigest,
            @Nullable String samplesPath,
            ModelSignature signature,
            RuntimeSettings runtime,
            Scaling scaling,
            @Nullable Instant standbyUntil) {
        this(
                id,
                color,
                phase,
                model,
                version,
                digest,
                artifactBytes,
                artifactPath,
                samplesDigest,
                samplesPath,
                signature,
                null,
                runtime,
                scaling,
                standbyUntil);
    }

    public EnvironmentState {
        if (!Digests.isDigest(digest)) {
            throw new IllegalArgumentException("digest must be sha256: and 64 hex digits, got " + digest);
        }
        if (samplesDigest != null && !Digests.isDigest(samplesDigest)) {
            throw new IllegalArgumentException(
                    "samples digest must be sha256: and 64 hex digits, got " + samplesDigest);
        }
    }
}
