package dev.teal.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.Rate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private static final Rate TEN = new Rate(10, 3);
    private static final long EACH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Monotonic instants may be any number, near an overflow too. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 150_000_000L, Long.MIN_VALUE})
    void aBurstIsGivenAtOnceAndThenOneAtATime(long start) {
        TokenBucket bucket = new TokenBucket(start);

        for (int i = 0; i < 3; i++) {
            assertThat(bucket.take(TEN, start)).isZero();
        }
        assertThat(bucket.take(TEN, start)).isEqualTo(EACH_NANOS);
        assertThat(bucket.look(TEN, start + EACH_NANOS - 1)).isEqualTo(1);
        assertThat(bucket.take(TEN, start + EACH_NANOS)).isZero();
        assertThat(bucket.take(TEN, start + EACH_NANOS)).isEqualTo(EACH_NANOS);
    }

    @Test
    void aPauseFillsItToTheBurstAndNoFurther() {
        TokenBucket bucket = new TokenBucket(0);
        bucket.take(TEN, 0);
        assertThat(bucket.isFull(EACH_NANOS - 1)).isFalse();

        long later = TimeUnit.HOURS.toNanos(1);

        assertThat(bucket.isFull(later)).isTrue();
        assertThat(IntStream.range(0, 100).filter(_ -> bucket.take(TEN, later) == 0))
                .hasSize(3);
    }

    @Test
    void lookingTakesNothing() {
        TokenBucket bucket = new TokenBucket(0);

        for (int i = 0; i < 10; i++) {
            assertThat(bucket.look(TEN, 0)).isZero();
        }

        assertThat(bucket.isFull(0)).isTrue();
    }

    @Test
    void givenManyThreadsNoTokenIsGivenTwice() throws InterruptedException {
        TokenBucket bucket = new TokenBucket(0);
        Rate rate = new Rate(1, 1_000);
        AtomicInteger taken = new AtomicInteger();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 1_000; n++) {
                    if (bucket.take(rate, 0) == 0) {
                        taken.incrementAndGet();
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(taken).hasValue(1_000);
    }

    @Test
    void givenMoreNamesThanAreKeptTheOnesInUseStay() {
        Buckets buckets = new Buckets();
        TokenBucket used = buckets.of("used", 0);
        used.take(TEN, 0);

        for (int i = 0; i < 100_000; i++) {
            buckets.of("name " + i, 0);
        }

        assertThat(buckets.size()).isLessThanOrEqualTo(20_002);
        assertThat(buckets.of("used", 0)).isSameAs(used);
    }
}
