package dev.teal.fleet.manage;

import dev.teal.fleet.run.Workers;
import dev.teal.protocol.cell.WorkerFact;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.stereotype.Component;

/** {@code /actuator/workers}: all workers; {@code /actuator/workers/{id}}: one worker's own metrics, which no port of its own offers. */
@Component
@Endpoint(id = "workers")
class WorkersEndpoint {

    private static final String PROMETHEUS_TEXT = "text/plain;version=0.0.4;charset=utf-8";

    private final Workers workers;

    WorkersEndpoint(Workers workers) {
        this.workers = workers;
    }

    @ReadOperation
    List<WorkerFact> all() {
        return workers.facts();
    }

    @ReadOperation(produces = PROMETHEUS_TEXT)
    WebEndpointResponse<String> metrics(@Selector String id) {
        try {
            return workers.metrics(id)
                    .map(WebEndpointResponse::new)
                    .orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
        } catch (IOException e) {
            return new WebEndpointResponse<>(
                    "# the worker gave no metrics: " + e.getMessage() + "\n",
                    WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }
}
