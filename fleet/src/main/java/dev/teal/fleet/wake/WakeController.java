package dev.teal.fleet.wake;

import dev.teal.fleet.run.NotWoken;
import dev.teal.protocol.cell.WakeRequest;
import dev.teal.protocol.cell.WorkerAddress;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class WakeController {

    private final Wakes wakes;

    WakeController(Wakes wakes) {
        this.wakes = wakes;
    }

    @PostMapping("/fleet/v1/environments/{id}/wake")
    WorkerAddress wake(@PathVariable String id, @RequestBody WakeRequest request)
            throws UnknownEnvironment, OtherDigest, NotWoken, InterruptedException {
        if (request.digest() == null || request.deadlineMillis() < 1) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "digest and a positive deadlineMillis are needed");
        }
        return wakes.wake(id, request.digest(), Duration.ofMillis(request.deadlineMillis()));
    }
}
