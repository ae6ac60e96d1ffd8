package dev.teal.worker.run;

import static dev.teal.worker.run.QueuedJobs.LONG;
import static dev.teal.worker.run.QueuedJobs.job;
import static dev.teal.worker.run.QueuedJobs.now;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RunQueueTest {
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
}
