package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.worker.contain.Confinement;
import dev.teal.worker.life.Life;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoubtsTest {
    private final List<WorkerExit> exits = new ArrayList<>();
    private boolean exhausted;
    private final Life life = new Life("w-1", this::nanos);
    private final Doubts doubts = new Doubts(life, Confinement.none(exits::add));

    private long nanos() {
        if (exhausted) {
            throw new OutOfMemoryError("to drain with");
        }
        return 0;
    }

    private void hear(Throwable error) {
        life.advance(WorkerState.UNASSIGNED);
        doubts.uncaughtException(Thread.currentThread(), error);
    }

    @Test
    void givenMemoryRanOutTheWorkerDrainsAndEndsSayingSo() {
        hear(new IllegalStateException(new OutOfMemoryError("heap")));

        assertThat(life.state()).isEqualTo(WorkerState.DRAINING);
        assertThat(life.exit()).isEqualTo(WorkerExit.HEAP_EXHAUSTED);
        assertThat(exits).isEmpty();
    }

    @Test
    void givenThereIsNoMemoryToDrainWithItEndsAtOnce() {
        life.advance(WorkerState.UNASSIGNED);
        exhausted = true;

        doubts.uncaughtException(Thread.currentThread(), new OutOfMemoryError("heap"));

        assertThat(exits).containsExactly(WorkerExit.HEAP_EXHAUSTED);
    }

    @Test
    void anyOtherErrorIsOneOfItsThreadAlone() {
        hear(new IllegalStateException("a thread's own"));

        assertThat(life.state()).isEqualTo(WorkerState.UNASSIGNED);
        assertThat(exits).isEmpty();
    }
}
