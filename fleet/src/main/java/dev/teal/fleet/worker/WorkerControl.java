package dev.teal.fleet.worker;

import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.DrainRequest;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A worker's control calls. The blocking ones end within their limits. */
public interface WorkerControl {

    /** Answers when the worker's revision is above {@code after}, or after about 20 s. */
    CompletableFuture<WorkerStatus> status(long after);

    /** Answers at once while the worker's process works. */
    CompletableFuture<Boolean> health();

    /** @return false if it has an assignment already */
    boolean assign(Assignment assignment) throws IOException;

    /** @return false if it goes on, being busy or not idle for long enough */
    boolean drain(DrainRequest request) throws IOException;

    void stop() throws IOException;

    /** Its metrics as Prometheus text. */
    String metrics() throws IOException;
}
