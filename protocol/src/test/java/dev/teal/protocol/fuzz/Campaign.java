package dev.teal.protocol.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Many executions of one target, the same for the same seed and corpus. On a thread of its own, so that an endless one is seen. */
final class Campaign {
    /** One execution's time, far more than any takes; a full collection or a busy machine must not pass for a hang. */
    private static final long HANG_NANOS = 20_000_000_000L;

    private static final int MAX_KEPT = 2_000;
    private static final int MAX_FAILURES = 20;

    /** @param execution number of it, with which and the seed the campaign meets the input again */
    record Failure(String target, long seed, long execution, byte[] input, Throwable cause) {
        @Override
        public String toString() {
            return target + ": seed " + seed + ", execution " + execution + ", " + input.length + " bytes: " + cause;
        }
    }

    /** @param kept inputs of outcomes that the corpus did not have */
    record Result(long executions, long nanos, List<byte[]> kept, int outcomes, List<Failure> failures) {}

    private final FuzzTarget target;
    private final long seed;
    private final long executions;
    private final List<byte[]> corpus;
    private final List<byte[]> kept = new ArrayList<>();
    private final Set<String> outcomes = new HashSet<>();
    private final Map<String, Failure> failures = new HashMap<>();
    private volatile long execution;
    private volatile long begun;
    private volatile byte[] current = {};

    Campaign(FuzzTarget target, List<byte[]> corpus, long seed, long executions) {
        this.target = target;
        this.corpus = new ArrayList<>(corpus);
        this.seed = seed;
        this.executions = executions;
    }

    /** First the corpus as it is, then as many mutations. */
    Result run() throws InterruptedException {
        long start = System.nanoTime();
        begun = start;
        Thread thread =
                Thread.ofPlatform().name("fuzz-" + target.name()).daemon().start(this::execute);
        while (!thread.join(java.time.Duration.ofMillis(200))) {
            if (System.nanoTime() - begun > HANG_NANOS) {
                var hang = new AssertionError("does not end");
                hang.setStackTrace(thread.getStackTrace());
                var failure = new Failure(target.name(), seed, execution, current, hang);
                return new Result(execution, System.nanoTime() - start, List.of(), 0, List.of(failure));
            }
        }
        return new Result(execution, System.nanoTime() - start, kept, outcomes.size(), List.copyOf(failures.values()));
    }

    private void execute() {
        for (byte[] input : List.copyOf(corpus)) {
            one(input);
        }
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Mutation mutation = new Mutation(random, target.words());
        for (long i = 0; i < executions && failures.size() < MAX_FAILURES; i++) {
            byte[] input = mutation.of(any(random), any(random));
            if (one(input) && kept.size() < MAX_KEPT) {
                kept.add(input);
                corpus.add(input);
            }
        }
    }

    private byte[] any(RandomGenerator random) {
        return corpus.get(random.nextInt(corpus.size()));
    }

    /** @return whether its outcome is new */
    private boolean one(byte[] input) {
        current = input;
        begun = System.nanoTime();
        execution++;
        try {
            return outcomes.add(kind(target.run(input)));
        } catch (Throwable e) {
            failures.putIfAbsent(place(e), new Failure(target.name(), seed, execution, input, e));
            return false;
        }
    }

    /** Without what stands in quotes and without numbers: those differ from input to input. */
    private static String kind(String outcome) {
        return outcome.replaceAll("'[^']*'", "'").replaceAll("[0-9]+", "0");
    }

    private static String place(Throwable e) {
        @Nullable StackTraceElement top = e.getStackTrace().length == 0 ? null : e.getStackTrace()[0];
        return e.getClass().getName() + " " + top;
    }
}
