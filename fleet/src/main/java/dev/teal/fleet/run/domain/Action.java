package dev.teal.fleet.run.domain;

/** What the reconciler does next. Each may be repeated: the next look at the world shows whether it took effect. */
public sealed interface Action {

    /** Brings up one more worker for an environment, from the pool or new. */
    record Start(Spec spec) implements Action {}

    /** Lets a worker go. */
    sealed interface End extends Action {}

    /**
     * Asks a worker to finish.
     *
     * @param idleMillis only if idle for this long, the worker decides; 0: in any case
     */
    record Drain(String worker, long idleMillis) implements End {}

    /** Ends a worker that holds no work. */
    record Stop(String worker, String reason) implements End {}
}
