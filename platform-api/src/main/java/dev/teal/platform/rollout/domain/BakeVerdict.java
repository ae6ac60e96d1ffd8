package dev.teal.platform.rollout.domain;

import java.util.Locale;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * Whether the new color fails more than it may, by a bound and not by a point: three failures of four requests prove nothing.
 *
 * @param answer of the new color since the switch
 * @param failureShareAtLeast one-sided 95 % lower bound (Wilson) of its true failure share, 0 to 1
 * @param limit share above which it is rolled back
 * @param because one sentence with the numbers
 */
public record BakeVerdict(
        Outcome outcome, Traffic answer, Traffic baseline, double failureShareAtLeast, double limit, String because) {
    private static final long ENOUGH_REQUESTS = 20;
    private static final double SMALLEST_LIMIT = 0.05;
    private static final double TIMES_BASELINE = 3;
    /** The library's interval has two sides: an error of 10 % in both is 5 % in one. */
    private static final double TWO_SIDED_ERROR = 0.10;

    public enum Outcome {
        GOOD,
        /** Too few requests to say that it is bad. */
        TOO_FEW,
        BAD
    }

    /** @param baseline the old color's answers in the generation before the switch */
    public static BakeVerdict of(Traffic answer, Traffic baseline) {
        double limit = Math.min(1, Math.max(SMALLEST_LIMIT, TIMES_BASELINE * baseline.failureShare()));
        if (answer.requests() < ENOUGH_REQUESTS) {
            return new BakeVerdict(
                    Outcome.TOO_FEW,
                    answer,
                    baseline,
                    0,
                    limit,
                    "%d of the %d requests that a verdict needs, %d failed"
                            .formatted(answer.requests(), ENOUGH_REQUESTS, answer.failures()));
        }
        double bound = lowerBound(answer);
        Outcome outcome = bound > limit ? Outcome.BAD : Outcome.GOOD;
        String because = String.format(
                Locale.ROOT,
                "%d of %d requests failed; with 95 %% confidence at least %.1f %% of all do, the limit is %.1f %% (the version before: %d of %d)",
                answer.failures(),
                answer.requests(),
                100 * bound,
                100 * limit,
                baseline.failures(),
                baseline.requests());
        return new BakeVerdict(outcome, answer, baseline, bound, limit, because);
    }

    private static double lowerBound(Traffic traffic) {
        int requests = (int) Math.min(traffic.requests(), Integer.MAX_VALUE);
        int failures = (int) Math.min(traffic.failures(), requests);
        return BinomialConfidenceInterval.WILSON_SCORE
                .fromErrorRate(requests, failures, TWO_SIDED_ERROR)
                .getLowerBound();
    }
}
