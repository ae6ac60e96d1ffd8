package dev.teal.cli.demo;

import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** An endpoint as the API tells of it. */
record EndpointView(JsonNode json) {
    /** Empty until the first version is live. */
    Optional<String> activeVersion() {
        return text(json.path("activeColor")).map(this::environment).flatMap(active -> text(active.path("version")));
    }

    boolean hasOpenRollout() {
        JsonNode open = json.path("openRollout");
        return !open.isMissingNode() && !open.isNull();
    }

    /** Of both colors, whatever their state. */
    int workers() {
        return workers(environment("BLUE")) + workers(environment("GREEN"));
    }

    private static int workers(JsonNode environment) {
        JsonNode workers = environment.path("workers");
        return workers.isArray() ? workers.size() : workers.asInt(0);
    }

    private JsonNode environment(String color) {
        return json.path("environments").path(color.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> text(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? Optional.empty() : Optional.of(node.asString());
    }
}
