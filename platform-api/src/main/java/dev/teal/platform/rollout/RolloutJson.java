package dev.teal.platform.rollout;

import dev.teal.platform.rollout.domain.Rollout;
import dev.teal.protocol.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The whole domain value as JSON: {@code {"is": "Baking", "value": …}}. The names are stored, so a released record keeps its name. */
final class RolloutJson {
    private static final Map<String, Class<? extends Rollout>> TYPES = List.of(
                    Rollout.Pending.class,
                    Rollout.Provisioning.class,
                    Rollout.Warming.class,
                    Rollout.Testing.class,
                    Rollout.Shadowing.class,
                    Rollout.Held.class,
                    Rollout.Preparing.class,
                    Rollout.Committed.class,
                    Rollout.Baking.class,
                    Rollout.Retreating.class,
                    Rollout.RollingBack.class,
                    Rollout.Succeeded.class,
                    Rollout.Failed.class,
                    Rollout.Aborted.class,
                    Rollout.Superseded.class,
                    Rollout.Expired.class,
                    Rollout.RolledBack.class)
            .stream()
            .collect(Collectors.toMap(Class::getSimpleName, Function.identity()));

    private RolloutJson() {}

    static String write(Rollout rollout) {
        return Json.MAPPER.writeValueAsString(
                Map.of("is", rollout.getClass().getSimpleName(), "value", Json.MAPPER.valueToTree(rollout)));
    }

    static Rollout read(String json) {
        JsonNode node = Json.MAPPER.readTree(json);
        Class<? extends Rollout> type = TYPES.get(node.path("is").asString());
        if (type == null) {
            throw new IllegalStateException("no rollout state is called " + node.path("is"));
        }
        return Json.MAPPER.treeToValue(node.path("value"), type);
    }
}
