package dev.teal.protocol.cell;

/**
 * How many requests may come.
 *
 * @param perSecond in the long run
 * @param burst that may come at once after a pause
 */
public record Rate(int perSecond, int burst) {
    public Rate {
        if (perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException(
                    "a rate must be 1 a second or more with a burst of 1 or more, got " + perSecond + " and " + burst);
        }
    }
}
