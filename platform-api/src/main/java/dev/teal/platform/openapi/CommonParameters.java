package dev.teal.platform.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.List;
import java.util.Map;

/** Parameters that mean the same in each call that has them, described once. What a call says of its own parameter stands. */
final class CommonParameters {
    private record Described(String description, String example) {}

    private static final Map<String, Described> BY_PLACE_AND_NAME = Map.of(
            "path endpoint", new Described("The endpoint's name", "fraud-detection"),
            "path id", new Described("The rollout's id", "0f8fad5b-d9cb-469f-a165-70867728950e"),
            "header If-Match",
                    new Described(
                            "The endpoint's generation as last seen, which is its ETag; refused with 412 when it has changed. Left out: whatever it is",
                            "\"7\""));

    private CommonParameters() {}

    static void describe(Operation operation) {
        List<Parameter> parameters = operation.getParameters() == null ? List.of() : operation.getParameters();
        for (Parameter parameter : parameters) {
            Described common = BY_PLACE_AND_NAME.get(parameter.getIn() + " " + parameter.getName());
            if (common != null && parameter.getDescription() == null) {
                parameter.description(common.description()).example(common.example());
            }
        }
    }

    /** Read by {@link dev.teal.platform.change.Changes}, so that no controller names it. */
    static Parameter idempotencyKey() {
        return new HeaderParameter()
                .name("Idempotency-Key")
                .description(
                        "Any text of 1 to 255 characters, best a random UUID: a call repeated with it is done once and answered alike, for 24 hours")
                .example("0b6e7f0e-8d0c-4b57-9a51-0d2f9f1c1b7e")
                .schema(new StringSchema().minLength(1).maxLength(255));
    }
}
