package dev.teal.fleet.worker;

import java.io.IOException;
import java.util.List;

/** Where workers run: processes of this machine, or pods of a cluster. What they compute is told to them by their control. */
public interface WorkerRuntime {

    /**
     * Starts a worker without a model. Returns as soon as it exists; it is up when its control answers.
     *
     * @param id not used before; {@link #newId()} makes one
     */
    RunningWorker start(String id) throws IOException;

    /** Workers that an earlier fleet started and that still answer. Those that don't are ended, where they are surely ours. */
    List<RunningWorker> adopt() throws IOException;

    String newId();
}
