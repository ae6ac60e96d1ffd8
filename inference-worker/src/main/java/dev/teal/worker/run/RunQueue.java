package dev.teal.worker.run;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Between the event loop and the model: a line that is bounded in requests, in rows and in bytes. Places are taken before a request's body is
 * read, its rows count once they can be seen and until it is taken, and bytes are held until its answer is computed.
 */
public final class RunQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final PriorityQueue<Job> line = new PriorityQueue<>(Comparator.comparingLong(Job::turn));
    private final int maxRequests;
    private final long maxRows;
    private final long maxBytes;
    private int places;
    private long rows;
    private long bytes;
    private int idle;
    private boolean closed;

    /**
     * @param maxRequests that wait, those whose body is still coming included
     * @param maxRows of requests that wait; one that has more comes in where it is the next to be taken
     * @param maxBytes of the bodies of requests that wait or run
     */
    RunQueue(int maxRequests, long maxRows, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
    }

    /** Takes a place for a request that is coming. @return false where there is no room: it must not come */
    boolean reserve(long announcedBytes) {
        lock.lock();
        try {
            // A run thread that waits makes room for one more
            if (closed || places >= maxRequests + idle || !fits(1) || bytes + announcedBytes > maxBytes) {
                return false;
            }
            places++;
            bytes += announcedBytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(int more) {
        return rows + more <= maxRows || line.size() < Math.max(1, idle);
    }

    /** The request will not come. */
    void cancel(long announcedBytes) {
        lock.lock();
        try {
            places--;
            bytes -= announcedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** The body is as long as this and not as was announced. @return false where that is too much: the place is given back then */
    boolean settle(long announcedBytes, long actualBytes) {
        lock.lock();
        try {
            bytes += actualBytes - announcedBytes;
            if (actualBytes <= announcedBytes || bytes <= maxBytes) {
                return true;
            }
            places--;
            bytes -= actualBytes;
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** In line, on a place that was reserved. @return false where its rows or bytes are too many now: the place is given back then */
    boolean offer(Job job, long heldBytes) {
        lock.lock();
        try {
            if (!fits(job.rows())) {
                cancel(heldBytes);
                return false;
            }
            if (!settle(heldBytes, job.bytes())) {
                return false;
            }
            line.add(job);
            rows += job.rows();
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a job out that waits no longer. */
    void withdraw(Job job) {
        lock.lock();
        try {
            if (line.remove(job)) {
                places--;
                rows -= job.rows();
                bytes -= job.bytes();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next in line, whose bytes stay held until {@link #finished}. @return null once closed and empty */
    @Nullable
    Job take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            idle++;
            try {
                while (line.isEmpty() && !closed) {
                    arrived.await();
                }
            } finally {
                idle--;
            }
            return next();
        } finally {
            lock.unlock();
        }
    }

    /** The next in line if one comes before a time. @param untilNanos {@link System#nanoTime()}; in the past: only if there is one now */
    @Nullable
    Job poll(long untilNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = untilNanos - System.nanoTime();
            while (line.isEmpty() && left > 0 && !closed) {
                left = arrived.awaitNanos(left);
            }
            return next();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Job next() {
        Job job = line.poll();
        if (job != null) {
            places--;
            rows -= job.rows();
        }
        return job;
    }

    void finished(Job job) {
        lock.lock();
        try {
            bytes -= job.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    int depth() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    /** No more come in; who waits in {@link #take} is let go once the line is empty. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    static long soon(long micros) {
        return System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
    }
}
