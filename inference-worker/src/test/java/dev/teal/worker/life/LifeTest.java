package dev.teal.worker.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.Color;
import dev.teal.protocol.Refusal;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LifeTest {
    private static final Assignment ASSIGNMENT = new Assignment(
            "e",
            "env",
            Color.BLUE,
            "m",
            "1",
            "sha256:d",
            "/f",
            null,
            null,
            new ModelSignature(List.of(), List.of(), 17),
            new RuntimeSettings(1, 1));
    private static final ColdStart PHASES = new ColdStart(0, 0, 1, 2, 3, 4, 10);

    private final AtomicLong nanos = new AtomicLong(1);
    private final Life life = new Life("w-1", nanos::get);

    /** The table of this life: what each state says to an assignment, a request, a proof's request, a failure, an idle drain, an unload. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # state    | assign | request | proof | fail   | drain if idle | unload
            STARTING   | -      | refused | -     | FAILED | DRAINING      | -
            UNASSIGNED | LOADING| refused | -     | FAILED | DRAINING      | -
            LOADING    | -      | refused | -     | FAILED | -             | -
            WARMING    | -      | refused | in    | FAILED | -             | -
            TESTING    | -      | refused | in    | FAILED | -             | -
            READY      | -      | in      | -     | -      | DRAINING      | DRAINING
            DRAINING   | -      | refused | -     | -      | DRAINING      | -
            FAILED     | -      | refused | -     | -      | DRAINING      | -
            """)
    void everyStateKnowsItsAnswers(
            WorkerState state, String assign, String request, String proof, String fail, String drain, String unload) {
        Life unloading = in(state);
        assertThat(unloading.unload().isPresent()).isEqualTo(!unload.equals("-"));
        assertThat(unloading.state()).isEqualTo(unload.equals("-") ? state : WorkerState.DRAINING);
        assertThat(in(state).unloaded()).isFalse();
        assertThat(in(state).assign(ASSIGNMENT)).isEqualTo(!assign.equals("-"));
        assertThat(in(state).admit(null).isEmpty()).isEqualTo(request.equals("in"));
        assertThat(in(state).admitProof().isEmpty()).isEqualTo(proof.equals("in"));
        Life failing = in(state);
        failing.fail(new WorkerFailure(Code.LOAD_FAILED, "no"));
        assertThat(failing.state()).isEqualTo(fail.equals("-") ? state : WorkerState.FAILED);
        Life idle = in(state);
        nanos.addAndGet(2_000_000);
        assertThat(idle.drain(1)).isEqualTo(!drain.equals("-"));
        assertThat(in(state).drain(0)).isTrue();
    }

    @Test
    void givenADoubtItAnswersWhatItHoldsAndEndsSayingWhy() {
        Life ready = in(WorkerState.READY);
        ready.admit(null);

        ready.doubt(WorkerExit.HEAP_EXHAUSTED);
        ready.doubt(WorkerExit.HEAP_EXHAUSTED);

        assertThat(ready.admit(null)).contains(Refusal.DRAINING);
        assertThat(ready.drained()).isNotCompleted();
        ready.end();
        assertThat(ready.drained()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(ready.exit()).isEqualTo(WorkerExit.HEAP_EXHAUSTED);
    }

    @Test
    void givenADoubtWithoutAModelItEndsSayingWhy() {
        Life waiting = in(WorkerState.UNASSIGNED);

        waiting.doubt(WorkerExit.HEAP_EXHAUSTED);

        assertThat(waiting.assign(ASSIGNMENT)).isFalse();
        assertThat(waiting.drained()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(waiting.exit()).isEqualTo(WorkerExit.HEAP_EXHAUSTED);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOADING", "WARMING", "TESTING"})
    void givenADoubtWhileItIsProvenAProofThatFailsSpeaks(WorkerState state) {
        Life early = in(state);

        early.doubt(WorkerExit.HEAP_EXHAUSTED);

        assertThat(early.state()).isEqualTo(state);
        assertThat(early.fail(new WorkerFailure(Code.WARM_UP_FAILED, "no"))).isTrue();
        assertThat(early.state()).isEqualTo(WorkerState.FAILED);
        assertThat(early.exit()).isEqualTo(WorkerExit.ORDERLY);
        early.doubt(WorkerExit.HEAP_EXHAUSTED);
        assertThat(early.state()).isEqualTo(WorkerState.FAILED);
        assertThat(early.exit()).isEqualTo(WorkerExit.ORDERLY);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOADING", "WARMING", "TESTING"})
    void givenADoubtWhileItIsProvenAProofThatDoesNotFailIsItsLastWork(WorkerState state) {
        Life early = in(state);
        early.doubt(WorkerExit.HEAP_EXHAUSTED);

        assertThat(early.ready(PHASES)).isTrue();

        assertThat(early.admit(null)).contains(Refusal.DRAINING);
        assertThat(early.drained()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(early.exit()).isEqualTo(WorkerExit.HEAP_EXHAUSTED);
    }

    private Life in(WorkerState state) {
        Life fresh = new Life("w-1", nanos::get);
        if (state == WorkerState.STARTING) {
            return fresh;
        }
        fresh.advance(WorkerState.UNASSIGNED);
        if (state == WorkerState.UNASSIGNED) {
            return fresh;
        }
        if (state == WorkerState.FAILED) {
            fresh.fail(new WorkerFailure(Code.LOAD_FAILED, "no"));
            return fresh;
        }
        fresh.assign(ASSIGNMENT);
        for (WorkerState next : List.of(WorkerState.WARMING, WorkerState.TESTING)) {
            if (fresh.state().compareTo(state) < 0) {
                fresh.advance(next);
            }
        }
        if (state.compareTo(WorkerState.READY) >= 0) {
            fresh.ready(PHASES);
        }
        if (state == WorkerState.DRAINING) {
            fresh.drain(0);
        }
        assertThat(fresh.state()).isEqualTo(state);
        return fresh;
    }

    @Test
    void idleTimeBeginsWithReadinessAndWithTheEndOfARequest() {
        Life ready = in(WorkerState.READY);
        nanos.addAndGet(5_000_000);
        assertThat(ready.status().idleMillis()).isEqualTo(5);
        assertThat(ready.drain(6)).isFalse();
        ready.admit(null);
        nanos.addAndGet(100_000_000);
        assertThat(ready.status().idleMillis()).isZero();
        assertThat(ready.drain(6)).isFalse();

        ready.end();

        assertThat(ready.drain(6)).isFalse();
        nanos.addAndGet(6_000_000);
        assertThat(ready.drain(6)).isTrue();
    }

    @Test
    void aDrainIsDoneWhenTheLastRequestEnds() {
        Life ready = in(WorkerState.READY);
        ready.admit("sha256:d");
        ready.admit(null);

        ready.drain(0);

        assertThat(ready.admit(null)).contains(Refusal.DRAINING);
        ready.end();
        assertThat(ready.drained()).isNotDone();
        ready.end();
        assertThat(ready.drained()).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void anUnloadedWorkerIsAsNewOnceTheLastRequestEnded() {
        Life ready = in(WorkerState.READY);
        ready.admit(null);
        CompletableFuture<Void> empty = ready.unload().orElseThrow();

        assertThat(ready.admit(null)).contains(Refusal.DRAINING);
        assertThat(ready.unloaded()).isFalse();
        assertThat(empty).isNotDone();
        ready.end();
        assertThat(empty).succeedsWithin(Duration.ofSeconds(20));
        long revision = ready.status().revision();
        assertThat(ready.unloaded()).isTrue();

        WorkerStatus status = ready.status();
        assertThat(status.state()).isEqualTo(WorkerState.UNASSIGNED);
        assertThat(status.revision()).isEqualTo(revision + 1);
        assertThat(status.digest()).isNull();
        assertThat(status.memory()).isNull();
        assertThat(status.coldStart()).isNull();
        assertThat(ready.drained()).isNotDone();
        assertThat(ready.assign(ASSIGNMENT)).isTrue();
    }

    @Test
    void aDrainDuringAnUnloadIsForGood() {
        Life ready = in(WorkerState.READY);
        ready.unload();

        assertThat(ready.drain(0)).isTrue();

        assertThat(ready.unloaded()).isFalse();
        assertThat(ready.drained()).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void anotherDigestIsRefused() {
        assertThat(in(WorkerState.READY).admit("sha256:other")).contains(Refusal.WRONG_DIGEST);
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkerState.class,
            names = {"DRAINING", "FAILED"})
    void aProofThatComesTooLateChangesNothing(WorkerState state) {
        Life late = in(state);

        assertThat(late.advance(WorkerState.WARMING)).isFalse();
        assertThat(late.ready(PHASES)).isFalse();

        assertThat(late.state()).isEqualTo(state);
    }

    @Test
    void whoWaitsForAChangeIsToldOfIt() {
        CompletableFuture<WorkerStatus> waiting = life.statusAfter(1);
        assertThat(waiting).isNotDone();
        assertThat(life.statusAfter(0).join().state()).isEqualTo(WorkerState.STARTING);

        life.advance(WorkerState.UNASSIGNED);

        assertThat(waiting.join().state()).isEqualTo(WorkerState.UNASSIGNED);
        assertThat(waiting.join().revision()).isEqualTo(2);
    }

    /** No order of requests, ends and drains loses a request, or drains a worker that was used within the time asked for. */
    @Test
    void noOrderOfEventsDrainsAWorkerInUse() {
        Cases.forAll(2_000, random -> {
            Life ready = in(WorkerState.READY);
            long idleSince = nanos.get();
            int held = 0;
            for (int i = 0; i < 30 && ready.state() == WorkerState.READY; i++) {
                nanos.addAndGet(random.nextInt(4_000_000));
                switch (random.nextInt(3)) {
                    case 0 -> {
                        assertThat(ready.admit(null)).isEmpty();
                        held++;
                    }
                    case 1 -> {
                        if (held > 0) {
                            ready.end();
                            held--;
                            idleSince = nanos.get();
                        }
                    }
                    default -> {
                        long idleMillis = 1 + random.nextInt(5);
                        boolean idle = held == 0 && nanos.get() - idleSince >= idleMillis * 1_000_000;
                        assertThat(ready.drain(idleMillis)).isEqualTo(idle);
                    }
                }
                assertThat(ready.status().inFlight()).isEqualTo(held);
            }
        });
    }
}
