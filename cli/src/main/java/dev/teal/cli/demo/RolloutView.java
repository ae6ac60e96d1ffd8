package dev.teal.cli.demo;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A rollout as the API tells of it. */
record RolloutView(JsonNode json) {
    private static final Set<String> ENDED =
            Set.of("SUCCEEDED", "FAILED", "ABORTED", "SUPERSEDED", "EXPIRED", "ROLLED_BACK");

    String id() {
        String id = json.path("id").asString("");
        NotAsTold.unless(!id.isEmpty(), "a rollout without an id: %s", json);
        return id;
    }

    String state() {
        return json.path("state").asString("");
    }

    boolean ended() {
        return ENDED.contains(state());
    }

    String reason() {
        return json.path("reason").asString("");
    }
}
