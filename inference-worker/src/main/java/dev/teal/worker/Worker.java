package dev.teal.worker;

import dev.teal.protocol.worker.WorkerExit;
import dev.teal.worker.contain.Confinement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code java -jar inference-worker.jar --id w-… --directory DIR [--native DIR]}: one worker, from unassigned to drained. It serves on when
 * its parent dies, so that the next fleet finds it. {@code --train DIR} lives once, for a faster start of all others.
 */
public final class Worker {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final long LONGEST_DRAIN_SECONDS = 30;

    private Worker() {}

    public static void main(String... arguments) {
        try {
            if (arguments.length == 2 && arguments[0].equals("--train")) {
                Training.run(Path.of(arguments[1]), Confinement::ofProcess);
            } else {
                run(Options.parse(arguments));
            }
        } catch (IllegalArgumentException | IOException e) {
            refuse(e);
        } catch (CompletionException e) {
            refuse(e.getCause() == null ? e : e.getCause());
        }
    }

    private static void refuse(Throwable why) {
        log.atError().addKeyValue("reason", why.getMessage()).log("Worker cannot start");
        System.exit(WorkerExit.NOT_STARTED.code());
    }

    private static void run(Options options) throws IOException {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Confinement confinement = Confinement.ofProcess(options.exitNote());
        RunningWorker worker = RunningWorker.start(options, () -> stopped.complete(null), confinement);
        Thread.setDefaultUncaughtExceptionHandler(worker.doubts());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(worker, stopped), "end"));
        log.atInfo()
                .addKeyValue("id", options.id())
                .addKeyValue("pid", ProcessHandle.current().pid())
                .log("Worker waits for an assignment");
        CompletableFuture<Object> end = CompletableFuture.anyOf(worker.life().drained(), stopped);
        CompletableFuture.anyOf(worker.life().draining(), end).join();
        if (worker.life().exit() != WorkerExit.ORDERLY) {
            // What a doubt is about may have left a request behind that never ends
            end.completeOnTimeout(null, LONGEST_DRAIN_SECONDS, TimeUnit.SECONDS);
        }
        end.join();
        WorkerExit exit = worker.life().exit();
        if (exit != WorkerExit.ORDERLY) {
            confinement.exit(exit);
        }
        System.exit(WorkerExit.ORDERLY.code());
    }

    /** Runs at every orderly end. A SIGTERM comes here first: then it means to drain. */
    private static void end(RunningWorker worker, CompletableFuture<Void> stopped) {
        worker.life().drain(0);
        try (worker) {
            CompletableFuture.anyOf(worker.life().drained(), stopped).get(LONGEST_DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            log.atWarn()
                    .addKeyValue("inFlight", worker.life().status().inFlight())
                    .log("Worker ends with work unfinished");
        } catch (InterruptedException | ExecutionException | IOException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("Worker did not end cleanly");
        }
    }
}
