package dev.teal.platform.registry;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The content-addressed store.
 *
 * @param directory on one file system, of this program alone (several control planes may share it)
 * @param maxArtifact below the 2 GB that protobuf can read
 * @param maxSamples golden samples, as JSON: read into memory
 */
@Validated
@ConfigurationProperties("platform.artifacts")
record ArtifactProperties(
        @NotNull Path directory,
        @DefaultValue("512MB") DataSize maxArtifact,
        @DefaultValue("16MB") DataSize maxSamples) {
    ArtifactProperties {
        if (maxArtifact.toBytes() < 1 || maxArtifact.toBytes() >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "platform.artifacts.max-artifact must be from 1B to below 2GB, got " + maxArtifact);
        }
        if (maxSamples.toBytes() < 1 || maxSamples.toMegabytes() > 256) {
            throw new IllegalArgumentException(
                    "platform.artifacts.max-samples must be from 1B to 256MB, got " + maxSamples);
        }
    }
}
