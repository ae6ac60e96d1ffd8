package dev.teal.cli.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Steady load: a few clients that each send, read, check and send again. Every response is checked against what the version that it names must
 * answer, and each client's generations must never fall.
 */
final class Load {
    private static final int CLIENTS = 6;
    /** Between a client's requests; six clients then make some 200 requests a second, which leaves a small machine its breath. */
    private static final Duration PAUSE = Duration.ofMillis(25);

    private final Inference inference;
    private final Example example;
    private final List<Thread> clients = new ArrayList<>();
    private final Tally total = new Tally();
    private Tally window = new Tally();
    private Optional<String> firstTrouble = Optional.empty();
    private volatile boolean ended;

    Load(Inference inference, Example example) {
        this.inference = inference;
        this.example = example;
    }

    Load start() {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().name("client-" + i).start(this::call));
        }
        return this;
    }

    private void call() {
        long generation = 0;
        while (!ended) {
            try {
                Answer answer = inference.infer(example.body());
                record(answer, generation);
                generation = Math.max(generation, answer.generation());
            } catch (IOException e) {
                failed(String.valueOf(e.getMessage() == null ? e : e.getMessage()));
            } catch (InterruptedException e) {
                return;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private synchronized void record(Answer answer, long generationBefore) {
        if (!example.isRight(answer.version(), answer.fraud())) {
            failed("an answer that names version " + answer.version() + " says " + answer.fraud()
                    + ", which is not what that version computes");
        } else if (answer.generation() < generationBefore) {
            failed("a client that had seen generation " + generationBefore + " was answered by " + answer.generation());
        } else {
            window.answered(answer);
            total.answered(answer);
        }
    }

    private synchronized void failed(String trouble) {
        window.failed();
        total.failed();
        if (firstTrouble.isEmpty()) {
            firstTrouble = Optional.of(trouble);
        }
    }

    /** Takes what happened since the last time it was taken. */
    synchronized Tally takeWindow() {
        Tally taken = window;
        window = new Tally();
        return taken;
    }

    synchronized long requests() {
        return total.requests();
    }

    synchronized long failures() {
        return total.failures();
    }

    synchronized Optional<String> firstTrouble() {
        return firstTrouble;
    }

    /** The clients finish the request that they are in. */
    void stop() throws InterruptedException {
        ended = true;
        for (Thread client : clients) {
            client.join();
        }
    }
}
