package dev.teal.fleet.cell;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who this fleet is.
 *
 * @param id stable over restarts, unique in the region
 * @param keyFile holds the cell key: sent to the control plane, asked of gateways
 * @param stateDirectory state document, artifact cache, records and logs of workers; one fleet at a time
 */
@Validated
@ConfigurationProperties("fleet")
public record CellProperties(
        @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,62}")
        String id,

        @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,62}")
        String region,

        @NotNull URI controlPlane,
        @NotNull Path keyFile,
        @NotNull Path stateDirectory) {}
