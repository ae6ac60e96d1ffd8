package dev.teal.gateway.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineTest {
    private static final long MILLI = 1_000_000;

    private final Line line = new Line(new Buffer(1_000, Long.MAX_VALUE));

    private TestWaiter join(String name, long priority, long millis) {
        TestWaiter waiter = new TestWaiter(name, priority, millis * MILLI, List.of());
        assertThat(line.join(waiter, waiter.turnNanos(), millis * MILLI)).isTrue();
        return waiter;
    }

    private List<Waiter> taken() {
        List<Waiter> taken = new ArrayList<>();
        for (Line.Place first = line.first(); first != null; first = line.first()) {
            taken.add(first.waiter());
            assertThat(line.leave(first.waiter())).isTrue();
        }
        return taken;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # name:priority:milliseconds, as they join   | as they are taken
            a:0:0  b:0:0     c:2:0                       | a b c
            a:2:0  b:1:0     c:0:0                       | b a c
            a:0:0  b:1:99                                | b a
            a:0:0  b:1:100                               | a b
            a:0:0  b:1:101                               | a b
            a:3:0  b:0:99    c:0:100                     | b a c
            a:3:0  b:2:0     c:1:0                       | c b a
            a:20:0 b:0:1799  c:0:1801                    | b a c
            a:20:0 b:1:1899  c:1:1901                    | b a c
            a:99:0 b:20:0    c:19:0                      | c a b
            a:9223372036854775807:0 b:0:1799 c:0:1801    | b a c
            """)
    void theUrgentGoFirstButNotBeforeThoseThatHaveWaitedLonger(String joining, String order) {
        Stream.of(joining.split(" +"))
                .map(one -> one.split(":"))
                .forEach(one -> join(one[0], Long.parseLong(one[1]), Long.parseLong(one[2])));

        assertThat(taken().stream().map(Waiter::toString).collect(Collectors.joining(" ")))
                .isEqualTo(order);
    }

    @Test
    void whoMustNotBePassedStandsBeforeAllAndOneSuchBehindTheOther() {
        TestWaiter waiting = join("waiting", 1, 0);
        TestWaiter suspect = new TestWaiter("suspect", 20, 50 * MILLI, List.of());
        TestWaiter other = new TestWaiter("other", 1, 50 * MILLI, List.of());
        line.join(suspect, Line.BEFORE_ALL, 50 * MILLI);
        line.join(other, Line.BEFORE_ALL, 60 * MILLI);

        assertThat(taken()).containsExactly(suspect, other, waiting);
    }

    @Test
    void theOldestIsWhoHasStoodLongestWhoeverIsFirst() {
        TestWaiter oldest = join("oldest", 20, 0);
        TestWaiter next = join("next", 0, 5);
        TestWaiter first = join("first", 1, 7);

        assertThat(List.of(line.first().waiter(), line.oldest().waiter())).containsExactly(first, oldest);
        line.leave(oldest);
        assertThat(line.oldest())
                .extracting(Line.Place::waiter, Line.Place::sinceNanos)
                .containsExactly(next, 5 * MILLI);
        line.leave(next);
        assertThat(line.oldest().waiter()).isSameAs(first);
        line.leave(first);
        assertThat(line.oldest()).isNull();
        assertThat(line.first()).isNull();
        assertThat(line.leave(first)).isFalse();
    }

    @Test
    void whoLeavesOrIsSentAwayGivesItsPlaceInTheBufferBack() {
        Line two = new Line(new Buffer(2, 1_000));
        List<TestWaiter> waiters = Stream.of("a", "b", "c")
                .map(name -> new TestWaiter(name, 0, 0, List.of()))
                .toList();

        assertThat(waiters.stream().map(waiter -> two.join(waiter, 0, 0))).containsExactly(true, true, false);
        assertThat(two.leave(waiters.get(2))).isFalse();
        assertThat(two.leave(waiters.get(0))).isTrue();
        assertThat(two.join(waiters.get(2), -1, 0)).isTrue();
        assertThat(two.clear()).containsExactly(waiters.get(2), waiters.get(1));
        assertThat(two.isEmpty()).isTrue();
        assertThat(waiters.stream().map(waiter -> two.join(waiter, 0, 0))).containsExactly(true, true, false);
    }

    @Test
    void whoeverJoinsAndLeavesFirstAndOldestAreAsInAPlainList() {
        RandomGeneratorFactory<RandomGenerator> randoms = RandomGeneratorFactory.of("L64X128MixRandom");
        for (int seed = 0; seed < 200; seed++) {
            RandomGenerator random = randoms.create(seed);
            List<TestWaiter> plain = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                if (plain.isEmpty() || random.nextInt(5) < 3) {
                    plain.add(join("n" + step, random.nextInt(25), step * 20L));
                } else {
                    assertThat(line.leave(plain.remove(random.nextInt(plain.size()))))
                            .isTrue();
                }
                assertThat(line.size()).as("seed %d", seed).isEqualTo(plain.size());
                if (!plain.isEmpty()) {
                    // The first of equal ones, as the list has them as they came
                    assertThat(line.first().waiter())
                            .as("seed %d", seed)
                            .isSameAs(plain.stream()
                                    .min(Comparator.comparingLong(TestWaiter::turnNanos))
                                    .orElseThrow());
                    assertThat(line.oldest().waiter()).as("seed %d", seed).isSameAs(plain.getFirst());
                }
            }
            assertThat(line.clear()).hasSameSizeAs(plain);
        }
    }
}
