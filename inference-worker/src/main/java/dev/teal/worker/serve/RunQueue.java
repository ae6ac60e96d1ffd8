package dev.teal.worker.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Between the event loop and the model: a queue that is bounded in requests and bytes, and one platform thread for each run at once. */
public final class RunQueue implements AutoCloseable {
    private final BlockingQueue<Job> queue;
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * @param concurrency runs at once
     * @param maxRequests that wait
     * @param maxBytes of the bodies of requests that wait or run
     */
    public RunQueue(int concurrency, int maxRequests, long maxBytes) {
        this.queue = new ArrayBlockingQueue<>(maxRequests);
        this.maxBytes = maxBytes;
        for (int i = 1; i <= concurrency; i++) {
            threads.add(Thread.ofPlatform().daemon().name("run-" + i).start(this::run));
        }
    }

    /** @return false where there is no room: the job has not begun and never will */
    boolean offer(Job job) {
        int size = job.bytes();
        if (bytes.addAndGet(size) > maxBytes || !queue.offer(job)) {
            bytes.addAndGet(-size);
            return false;
        }
        return true;
    }

    /** Takes a job out that waits no longer. */
    void withdraw(Job job) {
        if (queue.remove(job)) {
            bytes.addAndGet(-job.bytes());
        }
    }

    int depth() {
        return queue.size();
    }

    private void run() {
        try {
            while (true) {
                Job job = queue.take();
                try {
                    job.run();
                } finally {
                    bytes.addAndGet(-job.bytes());
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
