package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Spec;
import dev.teal.protocol.worker.WorkerFailure;
import org.jspecify.annotations.Nullable;

/** What happened to a worker; the reconciler hears of it in order. */
sealed interface Event {

    Spec spec();

    /** It has reproduced the golden answers. */
    record Proven(Spec spec) implements Event {}

    /** It could not be brought up. */
    record Failed(Spec spec, WorkerFailure failure) implements Event {}

    /**
     * It was ready, and died without having been told to.
     *
     * @param why null where it did not say
     */
    record Crashed(Spec spec, @Nullable WorkerFailure why) implements Event {}
}
