package dev.teal.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.TensorAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A job's two sides, the event loop's and the run thread's, step by step in every order that there is. */
class JobTest {
    private static final int BYTES = 10;

    /** What the run thread does, in this order. */
    private static final List<Step> RUN = List.of(Step.TAKE, Step.START, Step.JOIN, Step.LEAVE, Step.ANSWER, Step.DONE);

    /** What the event loop does, in each of these orders. */
    private static final List<List<Step>> LOOP = List.of(
            List.of(Step.WRITE),
            List.of(Step.TIME, Step.WRITE),
            List.of(Step.CLIENT_LEAVES),
            List.of(Step.TIME, Step.CLIENT_LEAVES),
            List.of(Step.CLIENT_LEAVES, Step.TIME),
            List.of(Step.TIME, Step.WRITE, Step.CLIENT_LEAVES),
            List.of(Step.WRITE, Step.TIME, Step.WRITE));

    private enum Step {
        TAKE,
        START,
        JOIN,
        LEAVE,
        ANSWER,
        DONE,
        TIME,
        CLIENT_LEAVES,
        WRITE
    }

    @Test
    void inEveryOrderAJobEndsExactlyOnceAndGivesItsPlaceBack() {
        int orders = 0;
        for (List<Step> loop : LOOP) {
            for (List<Step> order : interleaved(RUN, loop)) {
                new Course(new Schedule(0, 0), 50).run(order);
                new Course(new Schedule(0, 5_000), -1).run(order);
                orders++;
            }
        }

        assertThat(orders).isEqualTo(7 + 28 + 7 + 28 + 28 + 84 + 84);
    }

    /** One life. */
    private static final class Course {
        private final Served served = TestServed.of(1, BYTES);
        private final FakeCall call;
        private final Job job;
        private final boolean hasDeadline;
        private Running running;
        private Job taken;
        private boolean started;
        private boolean computing;
        private int ends;
        private List<Step> order;

        Course(Schedule schedule, long deadlineMillis) {
            call = new FakeCall(BYTES, schedule);
            hasDeadline = deadlineMillis >= 0;
            assertThat(served.queue().reserve(BYTES)).isTrue();
            job = new Job(call, served, false, 0, this::ended);
            job.begin(BYTES, deadlineMillis);
        }

        private void ended() {
            ends++;
            assertThat(call.over())
                    .as("the client is served or gone: %s", order)
                    .isTrue();
            assertThat(computing).as("something computes: %s", order).isFalse();
        }

        void run(List<Step> steps) {
            order = steps;
            steps.forEach(this::step);
            step(Step.WRITE);

            assertThat(ends).as("ends: %s", order).isEqualTo(1);
            assertThat(call.answers() + (call.lost() ? 1 : 0)).as("%s", order).isEqualTo(1);
            if (taken == null) {
                takeLate();
            }
            assertThat(served.queue().reserve(BYTES))
                    .as("place and bytes are free: %s", order)
                    .isTrue();
            assertThat(served.queue().reserve(0)).as("one place: %s", order).isFalse();
        }

        private void takeLate() {
            step(Step.TAKE);
            assertThat(taken)
                    .as("a job that is over stands in no line: %s", order)
                    .isNull();
        }

        private void step(Step step) {
            switch (step) {
                case TAKE -> taken = poll();
                case START -> start();
                case JOIN -> join();
                case LEAVE -> leave();
                case ANSWER -> answer();
                case DONE -> done();
                case TIME -> call.timeIsUp();
                case CLIENT_LEAVES -> call.leave();
                case WRITE -> call.written();
            }
        }

        private Job poll() {
            try {
                return served.queue().poll(System.nanoTime());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void start() {
            if (taken != null) {
                started = taken.start();
                computing = started;
                if (!started) {
                    served.queue().finished(taken);
                }
            }
        }

        private void join() {
            if (started) {
                running = new Running(1);
                job.joins(running);
            }
        }

        private void leave() {
            if (started) {
                boolean nobodyWaits = call.lost() || hasDeadline && call.answers() > 0;
                assertThat(running.control().terminated()).as("%s", order).isEqualTo(nobodyWaits);
                job.left();
            }
        }

        private void answer() {
            if (started) {
                call.fail(Failure.of(Failure.Kind.INTERNAL, "an answer"));
            }
        }

        private void done() {
            if (started) {
                computing = false;
                job.done();
                served.queue().finished(job);
            }
        }
    }

    private static List<List<Step>> interleaved(List<Step> one, List<Step> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return List.of(one.isEmpty() ? other : one);
        }
        List<List<Step>> all = new ArrayList<>();
        interleaved(one.subList(1, one.size()), other).forEach(rest -> all.add(with(one.getFirst(), rest)));
        interleaved(one, other.subList(1, other.size())).forEach(rest -> all.add(with(other.getFirst(), rest)));
        return all;
    }

    private static List<Step> with(Step first, List<Step> rest) {
        List<Step> steps = new ArrayList<>();
        steps.add(first);
        steps.addAll(rest);
        return steps;
    }

    @Test
    void aJobThatEndedWhenItWasJustTakenIsOverOnlyWhenItsAnswerIsWritten() throws Exception {
        Served served = TestServed.of(1, BYTES);
        served.queue().reserve(BYTES);
        FakeCall call = new FakeCall(BYTES, Schedule.NONE);
        AtomicInteger ends = new AtomicInteger();
        new Job(call, served, false, 0, ends::incrementAndGet).begin(BYTES, 50);
        Job taken = served.queue().take();
        call.timeIsUp();

        assertThat(new Reading(served).read(taken, TensorAllocator.HEAP)).isNull();

        assertThat(ends).hasValue(0);
        call.written();
        assertThat(ends).hasValue(1);
        assertThat(served.queue().reserve(BYTES)).isTrue();
    }

    @Test
    void aRunGoesOnAsLongAsOneOfItsJobsWaits() {
        Served served = TestServed.of(10, 100);
        List<FakeCall> calls = List.of(new FakeCall(1, Schedule.NONE), new FakeCall(1, Schedule.NONE));
        Running running = new Running(2);
        for (FakeCall call : calls) {
            served.queue().reserve(1);
            Job job = new Job(call, served, false, 0, () -> {});
            job.begin(1, -1);
            job.start();
            job.joins(running);
        }

        calls.getFirst().leave();
        assertThat(running.control().terminated()).isFalse();

        calls.getLast().leave();
        assertThat(running.control().terminated()).isTrue();
    }

    @Test
    void aRunWaitsForMoreRowsOnlyAsLongAsItsRequestsCanBear() {
        long now = System.nanoTime();

        assertThat(job(new Schedule(0, 0), -1).latestStart()).isEqualTo(Long.MAX_VALUE);
        assertThat(job(new Schedule(0, Long.MAX_VALUE), -1).latestStart()).isEqualTo(Long.MAX_VALUE);
        assertThat(job(new Schedule(0, 2_000), -1).latestStart() - now)
                .isBetween(TimeUnit.MILLISECONDS.toNanos(2), TimeUnit.SECONDS.toNanos(10));
        assertThat(job(new Schedule(0, 0), 100_000).latestStart() - now)
                .isBetween(TimeUnit.SECONDS.toNanos(49), TimeUnit.SECONDS.toNanos(60));
    }

    @Test
    void whatHasWaitedElsewhereStandsBeforeWhatCameWithIt() {
        Served served = TestServed.of(1, 1);
        Job fresh = new Job(new FakeCall(1, Schedule.NONE), served, false, 0, () -> {});

        Job waited = new Job(new FakeCall(1, Schedule.NONE), served, false, 60_000, () -> {});

        assertThat(fresh.turn() - waited.turn()).isBetween(TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(60));
    }

    private static Job job(Schedule schedule, long deadlineMillis) {
        Served served = TestServed.of(1, 1);
        served.queue().reserve(1);
        Job job = new Job(new FakeCall(1, schedule), served, false, 0, () -> {});
        job.begin(1, deadlineMillis);
        return job;
    }
}
