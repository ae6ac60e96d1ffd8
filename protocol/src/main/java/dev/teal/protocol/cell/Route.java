package dev.teal.protocol.cell;

import dev.teal.protocol.Color;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an endpoint's live traffic goes.
 *
 * @param bluePercent share of live requests, 0 to 100; both shares are 0 while no version has ever been proven
 * @param shadow what is mirrored to the other color, or null
 */
public record Route(
        int bluePercent, int greenPercent, @Nullable Shadow shadow) {
    public static final Route NOWHERE = new Route(0, 0, null);

    public Route {
        int sum = bluePercent + greenPercent;
        if (bluePercent < 0 || greenPercent < 0 || (sum != 100 && sum != 0)) {
            throw new IllegalArgumentException(
                    "route must be two shares that sum to 100, or to 0 where nothing is live, got blue=" + bluePercent
                            + " green=" + greenPercent);
        }
    }

    /** All live traffic to one color, nothing mirrored. */
    public static Route allTo(Color color) {
        return color == Color.BLUE ? new Route(100, 0, null) : new Route(0, 100, null);
    }

    public int percent(Color color) {
        return color == Color.BLUE ? bluePercent : greenPercent;
    }

    /** The color with the larger share; empty while nothing is live. */
    public Optional<Color> active() {
        if (bluePercent == 0 && greenPercent == 0) {
            return Optional.empty();
        }
        return Optional.of(bluePercent >= greenPercent ? Color.BLUE : Color.GREEN);
    }
}
