package dev.teal.fleet.report;

import dev.teal.protocol.cell.FleetWorkers;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ReadyWorkersController {

    private static final Duration POLL = Duration.ofSeconds(20);

    private final ReadyWorkers ready;

    ReadyWorkersController(ReadyWorkers ready) {
        this.ready = ready;
    }

    @GetMapping("/fleet/v1/workers")
    FleetWorkers workers(@RequestParam(defaultValue = "0") long after) throws InterruptedException {
        return ready.after(after, POLL);
    }
}
