package dev.teal.protocol;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Runs a property over seeded random cases; a failure names the seed, and {@link #repeat} runs that case again. */
public final class Cases {
    private Cases() {}

    public interface Property {
        void holds(RandomGenerator random) throws Exception;
    }

    public static void forAll(int cases, Property property) {
        for (long seed = 1; seed <= cases; seed++) {
            repeat(seed, property);
        }
    }

    public static void repeat(long seed, Property property) {
        try {
            property.holds(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("case with seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
