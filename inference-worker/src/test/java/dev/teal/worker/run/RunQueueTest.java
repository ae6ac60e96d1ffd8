package dev.teal.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunQueueTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final Served served = TestServed.of(1_000_000, Long.MAX_VALUE);

    @Test
    void placesAreTakenBeforeTheRequestComesAndGivenBackWhenItIsTaken() throws Exception {
        RunQueue queue = new RunQueue(2, 1_000_000, 100);
        assertThat(queue.reserve(10)).isTrue();
        assertThat(queue.reserve(10)).isTrue();
        assertThat(queue.reserve(10)).isFalse();

        queue.offer(job(10), 10);
        assertThat(queue.reserve(10)).isFalse();
        assertThat(queue.poll(now())).isNotNull();

        assertThat(queue.reserve(10)).isTrue();
        queue.cancel(10);
        assertThat(queue.reserve(10)).isTrue();
    }

    @Test
    void bytesAreHeldUntilTheAnswerIsComputed() throws Exception {
        RunQueue queue = new RunQueue(100, 1_000_000, 100);
        assertThat(queue.reserve(101)).isFalse();
        assertThat(queue.reserve(60)).isTrue();
        assertThat(queue.reserve(60)).isFalse();
        queue.offer(job(60), 60);
        Job running = queue.poll(now());
        assertThat(queue.reserve(60)).isFalse();

        queue.finished(running);

        assertThat(queue.reserve(100)).isTrue();
    }

    @Test
    void whatIsLongerThanAnnouncedMustFitAll() {
        RunQueue queue = new RunQueue(3, 1_000_000, 100);
        assertThat(queue.reserve(0)).isTrue();
        assertThat(queue.settle(0, 70)).isTrue();
        assertThat(queue.reserve(0)).isTrue();
        assertThat(queue.settle(0, 31)).isFalse();

        assertThat(queue.reserve(30)).as("what was refused holds no bytes").isTrue();
        assertThat(queue.reserve(0)).as("and no place").isTrue();
        assertThat(queue.reserve(0)).isFalse();
    }

    @Test
    void whatIsShorterThanAnnouncedIsSettledAlsoInAFullLine() {
        RunQueue queue = new RunQueue(3, 1_000_000, 100);
        assertThat(queue.reserve(100)).isTrue();

        assertThat(queue.settle(100, 40)).isTrue();

        assertThat(queue.reserve(60)).isTrue();
    }

    @Test
    void rowsCountWhileTheyWait() throws Exception {
        RunQueue queue = new RunQueue(100, 10, 1_000);
        assertThat(offered(queue, 6)).isTrue();
        assertThat(offered(queue, 5)).as("eleven rows").isFalse();
        assertThat(offered(queue, 4)).isTrue();
        assertThat(queue.reserve(0))
                .as("known to be too many before its body comes")
                .isFalse();

        Job first = queue.poll(now());
        assertThat(queue.reserve(0)).isTrue();
        queue.cancel(0);
        queue.finished(first);

        assertThat(offered(queue, 6)).as("what was refused holds nothing").isTrue();
        assertThat(offered(queue, 1)).isFalse();
        assertThat(queue.poll(now())).isNotNull();
        assertThat(queue.poll(now())).isNotNull();
        assertThat(queue.poll(now())).isNull();
    }

    @Test
    void aRequestOfMoreRowsThanTheLineMayHaveComesInWhereItIsTheNext() throws Exception {
        RunQueue queue = new RunQueue(100, 10, 1_000);
        assertThat(offered(queue, 40)).isTrue();
        assertThat(offered(queue, 1)).isFalse();

        Job large = queue.poll(now());

        assertThat(large.rows()).isEqualTo(40);
        assertThat(offered(queue, 1)).as("it runs, and waits no more").isTrue();
        assertThat(offered(queue, 40)).as("somebody is before it").isFalse();
    }

    @Test
    void aThreadThatWaitsMakesRoomForALargeRequestToo() throws Exception {
        RunQueue queue = new RunQueue(100, 10, 1_000);
        List<Thread> idle = new ArrayList<>();
        ConcurrentLinkedQueue<Job> taken = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 2; i++) {
            idle.add(Thread.ofPlatform().start(() -> take(queue, taken)));
        }
        await().atMost(LONG).until(() -> idle.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));

        assertThat(offered(queue, 40)).isTrue();
        assertThat(offered(queue, 40)).isTrue();

        await().atMost(LONG).until(() -> taken.size() == 2);
        queue.close();
        for (Thread thread : idle) {
            thread.join();
        }
    }

    @Test
    void rowsAreCountedWhereTheModelHasSomeAndNeverMoreThanBytes() {
        assertThat(new Job(new FakeCall(50, new Glance(Schedule.NONE, 7)), served, false, 0, () -> {}).rows())
                .isEqualTo(7);
        assertThat(new Job(new FakeCall(50, new Glance(Schedule.NONE, 1L << 60)), served, false, 0, () -> {}).rows())
                .isEqualTo(50);
        assertThat(job(50).rows()).as("not seen").isOne();
    }

    private boolean offered(RunQueue queue, int rows) {
        Job job = new Job(new FakeCall(50, new Glance(Schedule.NONE, rows)), served, false, 0, () -> {});
        return queue.reserve(50) && queue.offer(job, 50);
    }

    @Test
    void whoWithdrawsIsNotTakenAndLeavesNothingBehind() throws Exception {
        RunQueue queue = new RunQueue(2, 1_000_000, 100);
        queue.reserve(50);
        Job gone = job(50);
        queue.offer(gone, 50);

        queue.withdraw(gone);
        queue.withdraw(gone);

        assertThat(queue.depth()).isZero();
        assertThat(queue.poll(now())).isNull();
        assertThat(queue.reserve(100)).isTrue();
        assertThat(queue.reserve(0)).isTrue();
        assertThat(queue.reserve(0)).isFalse();
    }

    @Test
    void theUrgentGoFirstButNotBeforeThoseThatHaveWaitedLonger() throws Exception {
        RunQueue queue = new RunQueue(10, 1_000_000, 100);
        Job fourth = job(1, 3);
        Job second = job(1, 0);
        Job third = job(1, 2);
        Job first = job(1, 1);
        for (Job job : List.of(fourth, second, third, first)) {
            queue.reserve(1);
            queue.offer(job, job.bytes());
        }

        assertThat(List.of(queue.poll(now()), queue.poll(now()), queue.poll(now()), queue.poll(now())))
                .containsExactly(first, second, third, fourth);
        assertThat(job(1, 1).turn() - second.arrived())
                .as("a step is worth a tenth of a second and not more")
                .isGreaterThan(-100_000_000);
        assertThat(job(1, Long.MAX_VALUE).turn() - System.nanoTime())
                .as("the least urgent waits for two seconds' later ones at most")
                .isLessThan(2_000_000_000);
    }

    @Test
    void whoPollsWithoutTimeTakesWhatIsThereOnly() throws Exception {
        RunQueue queue = new RunQueue(10, 1_000_000, 100);
        assertThat(queue.poll(now() - 1)).isNull();
        queue.reserve(1);
        Job job = job(1);
        queue.offer(job, job.bytes());

        assertThat(queue.poll(now() - 1)).isSameAs(job);
    }

    @Test
    void whoPollsWithTimeGetsWhatComesMeanwhile() throws Exception {
        RunQueue queue = new RunQueue(10, 1_000_000, 100);
        Job job = job(1);
        queue.reserve(1);
        Thread late = Thread.ofPlatform().start(() -> queue.offer(job, job.bytes()));

        assertThat(queue.poll(RunQueue.soon(30_000_000))).isSameAs(job);
        late.join();
    }

    @Test
    void aThreadThatWaitsMakesRoomForOneMore() throws Exception {
        RunQueue queue = new RunQueue(1, 1_000_000, 100);
        CountDownLatch taken = new CountDownLatch(1);
        Thread idle = Thread.ofPlatform().start(() -> {
            try {
                queue.take();
                taken.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().atMost(LONG).until(() -> idle.getState() == Thread.State.WAITING);

        assertThat(queue.reserve(1)).isTrue();
        assertThat(queue.reserve(1)).isTrue();
        assertThat(queue.reserve(1)).isFalse();

        queue.offer(job(1), 1);
        taken.await();
        idle.join();
        assertThat(queue.reserve(1)).as("one has gone, and nobody waits").isFalse();
    }

    @Test
    void onceClosedNothingComesInAndWhatIsInLineIsStillTaken() throws Exception {
        RunQueue queue = new RunQueue(10, 1_000_000, 100);
        queue.reserve(1);
        Job job = job(1);
        queue.offer(job, job.bytes());

        queue.close();

        assertThat(queue.reserve(1)).isFalse();
        assertThat(queue.take()).isSameAs(job);
        assertThat(queue.take()).isNull();
        assertThat(queue.poll(RunQueue.soon(30_000_000))).isNull();
    }

    @Test
    void whateverManyThreadsDoEachJobIsTakenOrWithdrawnOnceAndAllIsGivenBack() throws Exception {
        RunQueue queue = new RunQueue(50, 1_000_000, 1_000);
        ConcurrentLinkedQueue<Job> taken = new ConcurrentLinkedQueue<>();
        AtomicInteger offered = new AtomicInteger();
        List<Thread> takers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            takers.add(Thread.ofPlatform().start(() -> take(queue, taken)));
        }
        List<Thread> givers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            givers.add(Thread.ofPlatform().start(() -> give(queue, offered)));
        }
        for (Thread giver : givers) {
            giver.join();
        }
        await().atMost(LONG).until(() -> queue.depth() == 0);
        queue.close();
        for (Thread taker : takers) {
            taker.join();
        }

        assertThat(taken).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(offered.get());
        assertThat(taken.size()).isPositive();
        assertThat(queue.settle(0, 1_000)).as("all bytes are free").isTrue();
    }

    private static void take(RunQueue queue, ConcurrentLinkedQueue<Job> taken) {
        try {
            for (Job job = queue.take(); job != null; job = queue.take()) {
                taken.add(job);
                queue.finished(job);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void give(RunQueue queue, AtomicInteger offered) {
        for (int i = 0; i < 3_000; i++) {
            if (queue.reserve(20)) {
                Job job = job(20, i % 4);
                queue.offer(job, job.bytes());
                offered.incrementAndGet();
                if (i % 5 == 0) {
                    queue.withdraw(job);
                }
            }
        }
    }

    private static long now() {
        return System.nanoTime();
    }

    private Job job(int bytes) {
        return job(bytes, 0);
    }

    private Job job(int bytes, long priority) {
        return new Job(new FakeCall(bytes, new Schedule(priority, 0)), served, false, 0, () -> {});
    }
}
