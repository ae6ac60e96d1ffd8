package dev.teal.platform.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An endpoint as the API shows it. */
@Schema(name = "Endpoint", description = "A stable name that clients call, with its two environments")
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointView(
        @Schema(example = "fraud-detection") String name,
        @Schema(example = "fraud-detection") String model,
        @Schema(example = "local") String region,

        @Schema(description = "The version declared or asked for last", example = "2")
        String desiredVersion,

        @Schema(
                description = "The color that all live traffic goes to; null until a version is proven",
                example = "blue")
        @Nullable
        String activeColor,

        @Schema(example = "1") @Nullable String activeVersion,

        @Schema(description = "Of the route in force; also the ETag", example = "1")
        long generation,

        Weights route,

        @Schema(description = "The route in PREPARE, not in force") @Nullable
        Next next,

        ConfigurationText configuration,
        Map<String, EnvironmentView> environments,
        @Nullable RolloutLink openRollout,

        @Schema(description = "The rollout that ended last") @Nullable
        RolloutLink lastRollout,

        @Schema(description = "What POST …/rollback would bring back") @Nullable
        RollbackTarget rollbackTarget,

        @Nullable Instant standbyUntil,

        @Schema(
                description = "Where to POST inference requests",
                example = "[\"http://127.0.0.1:8000/v2/models/fraud-detection/infer\"]")
        List<String> addresses,

        @Schema(description = "What it waits for, in words; null while all is well") @Nullable
        String waitingFor,

        Instant createdAt,
        String createdBy,
        Map<String, String> links) {

    @Schema(description = "Shares of live requests in percent")
    record Weights(int bluePercent, int greenPercent) {}

    record Next(long generation, int bluePercent, int greenPercent) {}

    record RolloutLink(String id, String kind, String state, String version, String reason, String link) {}

    record RollbackTarget(
            String color,
            String version,

            @Schema(description = "A worker is ready: the rollback is immediate")
            boolean ready) {}

    @Schema(name = "Environment")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EnvironmentView(
            String id,

            @Schema(allowableValues = {"EMPTY", "LOADING", "READY", "ACTIVE", "STANDBY", "DRAINING"})
            String state,

            @Nullable String version,
            @Nullable String digest,
            Workers workers,

            @Schema(description = "Memory that the version itself takes in one worker, measured") @Nullable
            Long memoryBytes,

            @Schema(description = "The latest cold start") @Nullable
            Long coldStartMillis,

            @Nullable Failure failure,
            @Nullable Instant standbyUntil,
            Instant since) {}

    record Workers(int ready, int total) {}

    record Failure(String code, String message) {}
}
