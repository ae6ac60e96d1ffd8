package dev.teal.worker.run;

import static dev.teal.worker.run.QueuedJobs.LONG;
import static dev.teal.worker.run.QueuedJobs.job;
import static dev.teal.worker.run.QueuedJobs.now;
import static dev.teal.worker.run.QueuedJobs.offered;
import static dev.teal.worker.run.QueuedJobs.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is taken, and when. */
class RunQueueTurnTest {
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
}
