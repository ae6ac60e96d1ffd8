package dev.teal.platform.access;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param adminKeyFile where the first admin key is written, mode 0600, when the database has no key
 * @param allowedHosts further names that the API may be called by; on loopback only localhost and its addresses are, against DNS rebinding
 */
@Validated
@ConfigurationProperties("platform")
record AccessProperties(
        @NotNull Path adminKeyFile, @DefaultValue List<String> allowedHosts) {}
