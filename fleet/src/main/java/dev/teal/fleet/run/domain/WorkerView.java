package dev.teal.fleet.run.domain;

import dev.teal.protocol.worker.WorkerState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker as it was when a decision was taken.
 *
 * @param spec null while it is in the pool
 * @param leaving told to drain or stop
 */
public record WorkerView(
        String id, WorkerState state, @Nullable Spec spec, boolean leaving) {

    public boolean ready() {
        return state == WorkerState.READY && !leaving;
    }

    /** Ready, or on its way there. */
    public boolean counts() {
        return !leaving && state.compareTo(WorkerState.READY) <= 0;
    }

    public Optional<String> environment() {
        return Optional.ofNullable(spec).map(Spec::environment);
    }
}
