package dev.teal.worker.run.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchCostTest {
    private static final int FORGET_AFTER = 4_096;

    private final BatchCost cost = new BatchCost();

    /** The cost of a row where batches are full is fixed / rows + row; rows of full batches are 1, 3, 7, 15, 31, 63, 127. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # fixed | row | most | limit
              0     | 100 | 128  | 1
              1000  | 0   | 127  | 127
              1000  | 0   | 5    | 5
              1000  | 0   | 1    | 1
              1000  | 100 | 128  | 127
              100   | 100 | 128  | 15
              10    | 100 | 128  | 3
            """)
    void aBatchGrowsWhileARowCostsLessInOneOfTwiceTheSize(long fixed, long row, int most, int limit) {
        fill("shape", most, 100, rows -> fixed + row * rows);

        assertThat(cost.limit("shape", most)).isEqualTo(limit);
    }

    @Test
    void whatNobodyKnowsBeginsWithOneRow() {
        assertThat(cost.limit("shape", 128)).isEqualTo(1);
    }

    @Test
    void aSizeIsTriedOnceTheOneBelowIsKnown() {
        for (int run = 0; run < 4; run++) {
            assertThat(cost.limit("shape", 128)).isEqualTo(1);
            cost.learn("shape", 1, 1_000);
        }

        assertThat(cost.limit("shape", 128)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"2, 7", "3, 7", "4, 15", "5, 15", "20, 63"})
    void requestsThatNeverHaveFewerRowsBeginWithTheSizeTheyHave(int rows, int limit) {
        fill("shape", 1, 4, _ -> 0);
        BatchCost others = new BatchCost();
        for (int run = 0; run < 4; run++) {
            others.learn("shape", rows, 1_000);
        }

        assertThat(others.limit("shape", 128)).isEqualTo(limit);
    }

    @Test
    void aSlowFirstRunDoesNotMakeASizeDear() {
        fill("shape", 1, 4, _ -> 100);
        cost.learn("shape", 3, 100_000);
        cost.learn("shape", 3, 90_000);
        cost.learn("shape", 3, 150);
        cost.learn("shape", 3, 80_000);

        assertThat(cost.limit("shape", 128)).isGreaterThan(3);
    }

    @Test
    void whatWasLearnedIsForgottenSoThatASizeThatLookedDearIsTriedAnew() {
        fill("shape", 128, 100, rows -> 100L * rows);
        assertThat(cost.limit("shape", 128)).isEqualTo(1);

        fill("shape", 127, FORGET_AFTER + 100, _ -> 1_000);

        assertThat(cost.limit("shape", 127)).isEqualTo(127);
    }

    @Test
    void aBatchThatPaysNoLongerShrinks() {
        fill("shape", 127, 100, _ -> 1_000);
        assertThat(cost.limit("shape", 127)).isEqualTo(127);

        fill("shape", 128, 2 * FORGET_AFTER, rows -> 1_000L * rows);

        assertThat(cost.limit("shape", 128)).isEqualTo(1);
    }

    @Test
    void eachShapeIsLearnedByItselfAndTheLeastUsedOnesGo() {
        fill("cheap", 127, 100, _ -> 1_000);
        fill("dear", 128, 100, rows -> 1_000L * rows);

        assertThat(cost.limit("cheap", 127)).isEqualTo(127);
        assertThat(cost.limit("dear", 128)).isEqualTo(1);

        for (int other = 0; other < 64; other++) {
            cost.learn("other " + other, 1, 1_000);
        }
        assertThat(cost.limit("cheap", 128)).isEqualTo(1);
    }

    /** As many rows as may be always wait. */
    private void fill(String shape, int most, int runs, IntToLongFunction nanos) {
        for (int run = 0; run < runs; run++) {
            int rows = cost.limit(shape, most);
            cost.learn(shape, rows, nanos.applyAsLong(rows));
        }
    }
}
