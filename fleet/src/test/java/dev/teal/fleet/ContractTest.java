package dev.teal.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.FleetWorkers;
import dev.teal.protocol.cell.WakeRequest;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.worker.DrainRequest;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The texts that pass between gateway, fleet and worker, as docs/architecture.md has them. */
class ContractTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @Test
    void givenWhatAGatewaySendsItIsRead() {
        assertThat(Json.MAPPER.readValue(
                        "{\"digest\":\"" + DIGEST + "\",\"deadlineMillis\":5000,\"later\":1}", WakeRequest.class))
                .isEqualTo(new WakeRequest(DIGEST, 5_000));
        assertThat(Json.MAPPER.readValue("""
                        {"gateway":"g1","instance":"a","sequence":7,"environments":[{"environment":"e","digest":"%s",
                        "inFlight":1,"queued":2,"oldestWaitMillis":30,"requests":400}]}""".formatted(DIGEST), Demand.class))
                .isEqualTo(new Demand("g1", "a", 7, List.of(new Demand.EnvironmentDemand("e", DIGEST, 1, 2, 30, 400))));
    }

    @Test
    void givenReadyWorkersTheirTextIsTheContracts() {
        FleetWorkers workers = new FleetWorkers(
                "ab12", 3, List.of(new WorkerAddress("w-1", "e", DIGEST, "unix:/tmp/x/w-1.sock", 4, 16)));

        assertThat(Json.MAPPER.readTree(Json.MAPPER.writeValueAsString(workers)))
                .isEqualTo(Json.MAPPER.readTree("""
                        {"instance":"ab12","revision":3,"workers":[{"id":"w-1","environment":"e","digest":"%s",
                        "address":"unix:/tmp/x/w-1.sock","concurrency":4,"rows":16}]}""".formatted(DIGEST)));
        assertThat(Json.MAPPER.writeValueAsString(new DrainRequest(500))).isEqualTo("{\"idleMillis\":500}");
    }

    @Test
    void givenWhatAWorkerSaysItIsRead() {
        WorkerStatus status = Json.MAPPER.readValue("""
                {"id":"w-1","revision":4,"state":"FAILED","inFlight":0,"idleMillis":12,"environment":"e","digest":"%s",
                "memory":null,"coldStart":null,"failure":{"code":"GOLDEN_MISMATCH","message":"sample 3 differs"}}""".formatted(DIGEST), WorkerStatus.class);

        assertThat(status.state()).isEqualTo(WorkerState.FAILED);
        assertThat(status.failure())
                .isEqualTo(new WorkerFailure(WorkerFailure.Code.GOLDEN_MISMATCH, "sample 3 differs"));
    }
}
