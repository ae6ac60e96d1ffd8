package dev.teal.platform.rollout;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.teal.platform.rollout.domain.BakeVerdict;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rollout as the API shows it. */
@Schema(name = "Rollout", description = "The life of one change of version")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutView(
        @Schema(example = "0f8fad5b-d9cb-469f-a165-70867728950e")
        String id,

        @Schema(example = "fraud-detection") String endpoint,

        @Schema(
                example = "RELEASE",
                allowableValues = {"INITIAL", "RELEASE", "ROLLBACK"})
        String kind,

        @Schema(
                description =
                        "PENDING, PROVISIONING, WARMING, TESTING, SHADOWING, HELD, SWITCHING, BAKING, ROLLING_BACK while open; "
                                + "SUCCEEDED, FAILED, ABORTED, SUPERSEDED, EXPIRED or ROLLED_BACK at the end",
                example = "BAKING")
        String state,

        @Schema(description = "Whether it has ended") boolean ended,
        Instant since,

        @Schema(description = "When the state's time is up; at a limit a rollout ends or goes back, it never goes on")
        @Nullable
        Instant deadline,

        @Schema(example = "2") String version,
        @Schema(example = "1") @Nullable String previousVersion,

        @Schema(description = "The environment that the version goes into", example = "green")
        String color,

        @Schema(description = "Given out for the new version; null before the switch is prepared", example = "2")
        @Nullable
        Long generation,

        @Schema(example = "auto") String promotion,
        @Schema(example = "10m") String bake,
        @Schema(example = "24h") String standby,

        @Schema(description = "Why it is in this state, where that is not as planned")
        String reason,

        @Schema(description = "What it waits for, in words; null at the end", example = "the bake to end") @Nullable
        String waitingFor,

        @Schema(description = "How the new version did after the switch") @Nullable
        Verdict verdict,

        @Schema(description = "Which live gateways have prepared the switch and taken the route")
        List<Acknowledgement> acknowledgements,

        List<Transition> timeline,
        Instant createdAt,
        String createdBy,
        @Nullable Instant endedAt,
        Map<String, String> links) {

    @Schema(description = "The bake's numbers")
    public record Verdict(
            @Schema(
                    example = "GOOD",
                    allowableValues = {"GOOD", "TOO_FEW", "BAD"})
            String outcome,

            long requests,
            long failures,

            @Schema(description = "One-sided 95 % lower bound of the failure share")
            double failureShareAtLeast,

            @Schema(description = "The share above which it is rolled back")
            double limit,

            long baselineRequests,
            long baselineFailures,
            String because) {
        static Verdict of(BakeVerdict verdict) {
            return new Verdict(
                    verdict.outcome().name(),
                    verdict.answer().requests(),
                    verdict.answer().failures(),
                    verdict.failureShareAtLeast(),
                    verdict.limit(),
                    verdict.baseline().requests(),
                    verdict.baseline().failures(),
                    verdict.because());
        }
    }

    @Schema(description = "What one live gateway says")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Acknowledgement(
            @Schema(example = "gateway-1") String gateway,
            boolean prepared,

            @Schema(description = "It has the route that is in force")
            boolean inForce,

            @Nullable String refusal) {}
}
