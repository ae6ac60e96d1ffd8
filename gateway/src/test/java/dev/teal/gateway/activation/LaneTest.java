package dev.teal.gateway.activation;

import static dev.teal.gateway.activation.TestLane.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final long[] PRIORITIES = {0, 1, 2, 3, 7, 20, 1_000};

    private final TestLane test = new TestLane();
    private final Lane lane = test.lane;
    private final AtomicLong clock = test.clock;
    private final List<TestWaiter> served = new ArrayList<>();

    @AfterEach
    void close() {
        test.close();
    }

    private TestWaiter waiter(String name, long priority) {
        return new TestWaiter(name, priority, clock.get(), served);
    }

    private TestWaiter enter(TestWaiter waiter) {
        lane.enter(waiter, 1_000);
        return waiter;
    }

    private TestWaiter enter(String name, long priority) {
        return enter(waiter(name, priority));
    }

    /** All four places of the worker are taken. */
    private List<TestWaiter> busy() {
        List<TestWaiter> holders = List.of(enter("one", 0), enter("two", 0), enter("three", 0), enter("four", 0));
        served.clear();
        return holders;
    }

    private void release(TestWaiter holder) {
        lane.release(holder.worker());
    }

    @Test
    void whoGetsAWorkerAtOnceIsNotAskedForItsTurnAndWhoWaitsIsWithoutTheLock() {
        List<Boolean> locked = new ArrayList<>();
        enter(waiter("at once", 1).whenLookedFor(() -> locked.add(Thread.holdsLock(lane))));
        assertThat(locked).isEmpty();
        busy();

        enter(waiter("waits", 1).whenLookedFor(() -> locked.add(Thread.holdsLock(lane))));

        assertThat(locked).containsExactly(false);
    }

    @Test
    void givenAPlaceThatBecomesFreeWhileTheTurnIsLookedForItIsTaken() {
        List<TestWaiter> holders = busy();

        TestWaiter waiter = enter(waiter("waits", 0).whenLookedFor(() -> release(holders.getFirst())));

        assertThat(served).containsExactly(waiter);
        assertThat(lane.demand().queued()).isZero();
    }

    @Test
    void underRandomLoadEachPlaceGoesToWhoseTurnItIs() {
        RandomGeneratorFactory<RandomGenerator> randoms = RandomGeneratorFactory.of("L64X128MixRandom");
        for (int seed = 0; seed < 20; seed++) {
            RandomGenerator random = randoms.create(seed);
            List<TestWaiter> holders = new ArrayList<>(busy());
            PriorityQueue<TestWaiter> waiting = new PriorityQueue<>(Comparator.comparingLong(TestWaiter::turnNanos));
            for (int arrivals = 0; arrivals < 1_000 || !waiting.isEmpty(); ) {
                clock.addAndGet(1 + random.nextLong(20 * MILLI));
                if (arrivals < 1_000 && random.nextInt(3) < 2) {
                    waiting.add(enter("n" + arrivals++, PRIORITIES[random.nextInt(PRIORITIES.length)]));
                    assertThat(served).isEmpty();
                } else if (!waiting.isEmpty() && random.nextInt(10) == 0) {
                    TestWaiter leaver = List.copyOf(waiting).get(random.nextInt(waiting.size()));
                    waiting.remove(leaver);
                    lane.leave(leaver);
                } else if (!waiting.isEmpty()) {
                    release(holders.remove(random.nextInt(holders.size())));
                    assertThat(served).as("seed %d", seed).containsExactly(waiting.remove());
                    holders.addAll(served);
                    served.clear();
                }
            }
            holders.forEach(this::release);
            assertThat(lane.demand().inFlight()).isZero();
        }
    }

    @Test
    void givenUrgentRequestsWithoutEndTheLeastUrgentWaitsForThoseOfTwoSecondsOnly() {
        TestWaiter holder = busy().getFirst();
        TestWaiter least = enter("least", Long.MAX_VALUE);
        long came = clock.get();
        while (holder != least) {
            clock.addAndGet(10 * MILLI);
            enter("urgent", 1);
            release(holder);
            holder = served.removeFirst();
            assertThat(clock.get() - came).isLessThanOrEqualTo(1_910 * MILLI);
        }

        assertThat(clock.get() - came).isGreaterThanOrEqualTo(1_890 * MILLI);
    }

    @Test
    void givenASuspectEvenTheUrgentWaitUntilItHasHadAWorkerForItself() {
        List<TestWaiter> holders = busy();
        release(holders.get(0));
        clock.addAndGet(MILLI);
        TestWaiter suspect = enter(waiter("suspect", 20).toBeAlone());

        TestWaiter urgent = enter("urgent", 1);
        holders.subList(1, 3).forEach(this::release);
        assertThat(served).isEmpty();

        release(holders.get(3));
        assertThat(served).containsExactly(suspect);
        release(suspect);
        assertThat(served).containsExactly(suspect, urgent);
    }

    @Test
    void givenASuspectThatGoesThoseBehindItGetTheRoomThatThereIs() {
        release(busy().getFirst());
        TestWaiter suspect = enter(waiter("suspect", 0).toBeAlone());
        TestWaiter behind = enter("behind", 0);

        lane.leave(suspect);

        assertThat(served).containsExactly(behind);
    }

    @Test
    void theWaitThatIsToldIsOfWhoWaitsLongestWhoeverIsFirst() {
        List<TestWaiter> holders = busy();
        TestWaiter low = enter("low", 20);
        clock.addAndGet(50 * MILLI);
        enter("urgent", 1);
        enter("urgent", 1);
        clock.addAndGet(10 * MILLI);
        assertThat(lane.demand().oldestWaitMillis()).isEqualTo(60);

        release(holders.getFirst());
        assertThat(lane.demand().oldestWaitMillis()).isEqualTo(60);
        lane.leave(low);
        assertThat(lane.demand().oldestWaitMillis()).isEqualTo(10);
        release(holders.get(1));
        assertThat(lane.demand().oldestWaitMillis()).isZero();
    }
}
