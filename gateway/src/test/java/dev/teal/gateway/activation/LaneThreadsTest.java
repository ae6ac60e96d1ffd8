package dev.teal.gateway.activation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.workers.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class LaneThreadsTest {
    private static final int THREADS = 4;
    private static final int EACH = 5_000;

    private final Queue<Worker> held = new ConcurrentLinkedQueue<>();
    private final Queue<Caller> callers = new ConcurrentLinkedQueue<>();

    private final class Caller implements Waiter {
        private final long turnNanos;
        private final boolean alone;
        private final AtomicInteger grants = new AtomicInteger();
        private volatile boolean left;

        Caller(long turnNanos, boolean alone) {
            this.turnNanos = turnNanos;
            this.alone = alone;
        }

        @Override
        public boolean alone() {
            return alone;
        }

        @Override
        public int bodyBytes() {
            return 1;
        }

        @Override
        public long turnNanos() {
            return turnNanos;
        }

        @Override
        public void granted(Worker worker, long waitedNanos) {
            grants.incrementAndGet();
            held.add(worker);
        }

        @Override
        public void refused(Answer.Failure failure) {
            throw new IllegalStateException(failure.reason());
        }
    }

    @Test
    void whateverManyThreadsDoEachIsServedOnceOrLeavesAndAllPlacesAreFreeAgain() throws Exception {
        try (TestLane test = new TestLane()) {
            List<Thread> threads = new ArrayList<>();
            for (int seed = 0; seed < THREADS; seed++) {
                RandomGenerator random =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
                threads.add(Thread.ofPlatform().start(() -> call(test, random)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            while (release(test.lane)) {}

            assertThat(callers).hasSize(THREADS * EACH);
            assertThat(callers).allMatch(caller -> caller.grants.get() == 1 || caller.left && caller.grants.get() == 0);
            assertThat(test.lane.demand())
                    .extracting("inFlight", "queued", "oldestWaitMillis")
                    .containsExactly(0, 0, 0L);
        }
    }

    private void call(TestLane test, RandomGenerator random) {
        for (int n = 0; n < EACH; n++) {
            Caller caller = new Caller(test.clock.incrementAndGet() + random.nextInt(1_000), random.nextInt(50) == 0);
            callers.add(caller);
            test.lane.enter(caller, 1_000);
            if (random.nextInt(4) == 0) {
                caller.left = true;
                test.lane.leave(caller);
            }
            if (random.nextInt(10) > 0) {
                release(test.lane);
            }
        }
    }

    private boolean release(Lane lane) {
        Worker worker = held.poll();
        if (worker != null) {
            lane.release(worker);
        }
        return worker != null;
    }
}
