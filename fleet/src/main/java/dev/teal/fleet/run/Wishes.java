package dev.teal.fleet.run;

import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.worker.WorkerFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Who waits for a worker of which environment and digest: any number of callers, one wish, and so one start. */
public final class Wishes {

    private final Map<Wish, Waiting> all = new HashMap<>();
    private final int limit;
    private final Inbox inbox;
    private int callers;

    record Wish(String environment, String digest) {}

    private static final class Waiting {
        private final CompletableFuture<WorkerAddress> answer = new CompletableFuture<>();
        private int callers;
    }

    Wishes(int limit, Inbox inbox) {
        this.limit = limit;
        this.inbox = inbox;
    }

    /**
     * Waits until a worker is ready.
     *
     * @throws NotWoken if it can't be, or is not by the caller's deadline
     */
    public WorkerAddress await(String environment, String digest, Duration deadline)
            throws NotWoken, InterruptedException {
        Wish wish = new Wish(environment, digest);
        Waiting waiting = join(wish);
        try {
            inbox.nudge();
            return waiting.answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NotWoken(
                    NotWoken.Outcome.DEADLINE,
                    "no worker was ready within " + deadline.toMillis() + " ms",
                    Duration.ofSeconds(1),
                    null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NotWoken failed) {
                throw failed.again();
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            leave(wish, waiting);
        }
    }

    private synchronized Waiting join(Wish wish) throws NotWoken {
        if (callers >= limit) {
            throw new NotWoken(
                    NotWoken.Outcome.FULL, limit + " callers wait for workers already", Duration.ofSeconds(1), null);
        }
        callers++;
        Waiting waiting = all.computeIfAbsent(wish, _ -> new Waiting());
        waiting.callers++;
        return waiting;
    }

    private synchronized void leave(Wish wish, Waiting waiting) {
        callers--;
        waiting.callers--;
        if (waiting.callers == 0) {
            all.remove(wish, waiting);
        }
    }

    synchronized List<Wish> open() {
        return new ArrayList<>(all.keySet());
    }

    void fulfil(Wish wish, WorkerAddress address) {
        Waiting waiting = take(wish);
        if (waiting != null) {
            waiting.answer.complete(address);
        }
    }

    void refuse(Wish wish, WorkerFailure failure, Duration retryAfter) {
        Waiting waiting = take(wish);
        if (waiting != null) {
            waiting.answer.completeExceptionally(
                    new NotWoken(NotWoken.Outcome.FAILED, failure.message(), retryAfter, failure.code()));
        }
    }

    /** Callers who come from now on make a new wish. */
    private synchronized @Nullable Waiting take(Wish wish) {
        return all.remove(wish);
    }
}
