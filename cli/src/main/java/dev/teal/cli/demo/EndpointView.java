package dev.teal.cli.demo;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An endpoint as the API tells of it. */
record EndpointView(JsonNode json) {
    /** Empty until the first version is live. */
    Optional<String> activeVersion() {
        return json.path("activeVersion").asStringOpt();
    }

    boolean hasOpenRollout() {
        return json.hasNonNull("openRollout");
    }

    /** Of both colors, whatever their state. */
    int workers() {
        int workers = 0;
        for (JsonNode environment : json.path("environments")) {
            workers += environment.path("workers").path("total").asInt(0);
        }
        return workers;
    }
}
