package dev.teal.platform.access;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The cells that may ask.
 *
 * @param keyFile holds the cell key, the same text that gateways and fleets have
 * @param regions those that endpoints may name
 */
@Validated
@ConfigurationProperties("platform.cells")
public record CellProperties(
        @NotNull Path keyFile,
        @NotEmpty @DefaultValue("local") List<String> regions) {
    public CellProperties {
        regions = List.copyOf(regions);
    }
}
