package dev.teal.fleet.stop;

import dev.teal.fleet.run.Reconciler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A signal leaves workers running, for the next fleet; this ends them too. */
@RestController
class StopController {

    private static final Logger log = LoggerFactory.getLogger(StopController.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Reconciler reconciler;
    private final Exit exit;
    private final AtomicBoolean begun = new AtomicBoolean();

    StopController(Reconciler reconciler, Exit exit) {
        this.reconciler = reconciler;
        this.exit = exit;
    }

    @PostMapping("/fleet/v1/stop")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void stop() {
        if (begun.compareAndSet(false, true)) {
            Thread.ofPlatform().name("stop").start(this::end);
        }
    }

    private void end() {
        log.atInfo().log("Stopping all workers and the fleet");
        try {
            reconciler.stopWorkers(DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exit.now();
    }
}
