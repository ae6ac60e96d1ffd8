package dev.teal.fleet.run.domain;

import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.worker.Assignment;
import org.jspecify.annotations.Nullable;

/** What a worker of an environment must run. A worker with another one is stale. */
public record Spec(
        String endpoint,
        String environment,
        Color color,
        String model,
        String version,
        String digest,
        @Nullable String samplesDigest,
        ModelSignature signature,
        @Nullable ModelConfig config,
        RuntimeSettings runtime) {

    public static Spec of(String endpoint, EnvironmentState wanted) {
        return new Spec(
                endpoint,
                wanted.id(),
                wanted.color(),
                wanted.model(),
                wanted.version(),
                wanted.digest(),
                wanted.samplesDigest(),
                wanted.signature(),
                wanted.config(),
                wanted.runtime());
    }

    public static Spec of(Assignment assigned) {
        return new Spec(
                assigned.endpoint(),
                assigned.environment(),
                assigned.color(),
                assigned.model(),
                assigned.version(),
                assigned.digest(),
                assigned.samplesDigest(),
                assigned.signature(),
                assigned.config(),
                assigned.runtime());
    }

    public Assignment assignment(String artifactFile, @Nullable String samplesFile) {
        return new Assignment(
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
                config,
                runtime);
    }
}
