package dev.teal.platform.endpoint;

import dev.teal.platform.routing.domain.EndpointConfiguration;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an endpoint should be. The same again changes nothing. */
@Schema(description = "What the endpoint should be")
record EndpointRequest(
        @Schema(
                description = "Fixed for the endpoint's life",
                example = "fraud-detection",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable
        String model,

        @Schema(
                description = "A registered version; another one than declared before is a rollout with defaults",
                example = "1",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable
        String version,

        @Schema(
                description = "Fixed for the endpoint's life; by default the first region of this control plane",
                example = "local")
        @Nullable
        String region,

        @Nullable ConfigurationText configuration) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");

    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidEndpoint(
                    "an endpoint's name has 1 to 63 of a-z, 0-9, '.', '_' and '-', with a letter or digit at both ends, got '"
                            + name + "'");
        }
    }

    String wantedModel() {
        if (model == null || model.isBlank()) {
            throw new InvalidEndpoint("model is missing: name a registered model");
        }
        return model;
    }

    String wantedVersion() {
        if (version == null || version.isBlank()) {
            throw new InvalidEndpoint("version is missing: name a registered version of the model");
        }
        return version;
    }

    EndpointConfiguration wantedConfiguration() {
        return (configuration == null ? ConfigurationText.DEFAULTS : configuration).read();
    }
}
