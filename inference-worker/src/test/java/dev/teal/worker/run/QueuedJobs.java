package dev.teal.worker.run;

import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.Schedule;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Jobs of a size and a place, and those who put them in line and take them out. */
final class QueuedJobs {
    static final Duration LONG = Duration.ofSeconds(30);
    private static final Served SERVED = TestServed.of(1_000_000, Long.MAX_VALUE);

    private QueuedJobs() {}

    static Job job(int bytes) {
        return job(bytes, 0);
    }

    static Job job(int bytes, long priority) {
        return new Job(new FakeCall(bytes, new Schedule(priority, 0)), SERVED, false, 0, () -> {});
    }

    static Job ofRows(long rows) {
        return new Job(new FakeCall(50, new Glance(Schedule.NONE, rows)), SERVED, false, 0, () -> {});
    }

    static boolean offered(RunQueue queue, int rows) {
        Job job = ofRows(rows);
        return queue.reserve(50) && queue.offer(job, 50);
    }

    static void take(RunQueue queue, ConcurrentLinkedQueue<Job> taken) {
        try {
            for (Job job = queue.take(); job != null; job = queue.take()) {
                taken.add(job);
                queue.finished(job);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static long now() {
        return System.nanoTime();
    }
}
