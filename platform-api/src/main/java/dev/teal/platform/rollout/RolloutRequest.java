package dev.teal.platform.rollout;

import dev.teal.platform.rollout.domain.Plan;
import dev.teal.platform.rollout.domain.Promotion;
import dev.teal.platform.rollout.domain.RolloutKind;
import dev.teal.platform.routing.domain.DurationText;
import dev.teal.protocol.Color;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/endpoints/{endpoint}/rollouts}. Everything but the version has a default. */
@Schema(description = "A change of version")
record RolloutRequest(
        @Schema(
                description = "The registered version to bring in front of the clients",
                example = "2",
                requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable
        String version,

        @Schema(
                description = "auto: switch once proven; manual: hold until promoted, at most 24 h",
                example = "auto",
                allowableValues = {"auto", "manual"},
                defaultValue = "auto")
        @Nullable
        String promotion,

        @Schema(
                description = "How long the new version is watched after the switch; not longer than standby",
                example = "10m",
                defaultValue = "10m")
        @Nullable
        String bake,

        @Schema(
                description = "How long the former version is kept for a rollback after success",
                example = "24h",
                defaultValue = "24h")
        @Nullable
        String standby,

        @Schema(
                description = "Retire a version that still stands by to make room; false waits until its time is over",
                defaultValue = "true")
        @Nullable
        Boolean evictStandby) {
    static RolloutRequest of(String version) {
        return new RolloutRequest(version, null, null, null, null);
    }

    String wanted() {
        if (version == null || version.isBlank()) {
            throw new InvalidRollout("version is missing: name the registered version to roll out");
        }
        return version;
    }

    Plan initial(String model) {
        // A first version has nothing to go back to, so these change nothing; a typing error in them is one all the
        // same
        release(model, Color.BLUE, wanted());
        Plan plan = Plan.initial(model, wanted());
        return new Plan(
                plan.kind(),
                plan.color(),
                model,
                wanted(),
                null,
                promotionOrDefault(),
                plan.bake(),
                plan.standby(),
                true);
    }

    Plan release(String model, Color color, String previousVersion) {
        Duration wantedStandby = duration("standby", standby, Plan.DEFAULT_STANDBY);
        // Whoever shortens the standby alone means the bake to fit into it.
        Duration shorter = wantedStandby.compareTo(Plan.DEFAULT_BAKE) < 0 ? wantedStandby : Plan.DEFAULT_BAKE;
        Duration wantedBake = duration("bake", bake, shorter);
        try {
            return new Plan(
                    RolloutKind.RELEASE,
                    color,
                    model,
                    wanted(),
                    previousVersion,
                    promotionOrDefault(),
                    wantedBake,
                    wantedStandby,
                    evictStandby == null || evictStandby);
        } catch (IllegalArgumentException e) {
            throw new InvalidRollout(String.valueOf(e.getMessage()));
        }
    }

    private Promotion promotionOrDefault() {
        return switch (promotion) {
            case null -> Promotion.AUTO;
            case "auto" -> Promotion.AUTO;
            case "manual" -> Promotion.MANUAL;
            default -> throw new InvalidRollout("promotion must be auto or manual, got '" + promotion + "'");
        };
    }

    private static Duration duration(String field, @Nullable String text, Duration otherwise) {
        try {
            return text == null ? otherwise : DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidRollout(field + ": " + e.getMessage());
        }
    }
}
