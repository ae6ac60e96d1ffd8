package dev.teal.platform.rollout.domain;

import dev.teal.protocol.Color;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a rollout is to do; fixed when it is created. The active color only moves by rollouts and only one is open at a time, so the
 * color to fill is known from the start.
 *
 * @param color the environment that takes {@code version}
 * @param previousVersion what is live in the other color; null for {@link RolloutKind#INITIAL}
 * @param bake how long the new color is watched after the switch
 * @param standby how long the old color is kept for a rollback after success; zero: not at all
 * @param evictStandby whether another version that stands by in {@code color} is retired early to make room
 */
public record Plan(
        RolloutKind kind,
        Color color,
        String model,
        String version,
        @Nullable String previousVersion,
        Promotion promotion,
        Duration bake,
        Duration standby,
        boolean evictStandby) {
    public static final Duration DEFAULT_BAKE = Duration.ofMinutes(10);
    public static final Duration DEFAULT_STANDBY = Duration.ofHours(24);
    public static final Duration LONGEST = Duration.ofDays(30);

    public Plan {
        if (bake.isNegative() || bake.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("bake must be 0s to 30d, got " + bake);
        }
        if (standby.isNegative() || standby.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("standby must be 0s to 30d, got " + standby);
        }
        if (bake.compareTo(standby) > 0) {
            // A rollback during the bake needs the old color: it must not be retired before the verdict.
            throw new IllegalArgumentException(
                    "bake must not be longer than standby, got bake=" + bake + " standby=" + standby);
        }
        if ((kind == RolloutKind.INITIAL) != (previousVersion == null)) {
            throw new IllegalArgumentException(
                    "only a first version has no previous one, got " + kind + " after " + previousVersion);
        }
    }

    /** The first version of an endpoint; a first version has nothing that could stand by. */
    public static Plan initial(String model, String version) {
        return new Plan(
                RolloutKind.INITIAL,
                Color.BLUE,
                model,
                version,
                null,
                Promotion.AUTO,
                Duration.ZERO,
                Duration.ZERO,
                true);
    }

    /** Back to what stands by in {@code color}; what it leaves is retired, so that asking twice does not undo it. */
    public static Plan rollback(Color color, String model, String version, String previousVersion) {
        return new Plan(
                RolloutKind.ROLLBACK,
                color,
                model,
                version,
                previousVersion,
                Promotion.AUTO,
                Duration.ZERO,
                Duration.ZERO,
                true);
    }
}
