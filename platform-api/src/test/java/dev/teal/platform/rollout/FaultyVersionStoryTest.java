package dev.teal.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.worker.WorkerFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A version that cannot be brought up never gets traffic. */
class FaultyVersionStoryTest extends RolloutStory {
    @ParameterizedTest
    @EnumSource(
            value = WorkerFailure.Code.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FETCH_FAILED", "WORKER_DIED", "NO_CAPACITY"})
    void aVersionAtFaultNeverGetsTrafficAndTheReasonIsSaidInWords(WorkerFailure.Code code) {
        serving();
        cell.failures.put("2", new WorkerFailure(code, "the fault's own words"));

        JsonNode ended = awaitEnd(begun(roll("2", "")));

        assertThat(ended.path("state").asString()).isEqualTo("FAILED");
        assertThat(ended.path("reason").asString()).contains("the fault's own words");
        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("1");
        assertThat(endpoint().path("waitingFor").asString())
                .contains("version 2 is declared")
                .contains("the fault's own words");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(1);
    }

    @Test
    void aFailureThatMayPassIsWaitedOut() {
        serving();
        cell.failures.put("2", new WorkerFailure(WorkerFailure.Code.NO_CAPACITY, "no room"));
        String id = begun(roll("2", ",\"bake\":\"0s\""));
        await(() -> rollout(id).path("waitingFor").asString().contains("no room"));

        cell.failures.clear();
        cell.fleetChanged();

        assertThat(awaitEnd(id).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void anEndpointWhoseFirstVersionFailedTakesAnotherOne() {
        members();
        cell.failures.put("1", new WorkerFailure(WorkerFailure.Code.LOAD_FAILED, "not a model"));
        assertThat(put("1").status()).isEqualTo(201);
        awaitEnd(openOrLast());
        assertThat(endpoint().path("waitingFor").asString()).contains("not a model");

        assertThat(put("2").status()).isEqualTo(200);
        awaitEnd(openOrLast());

        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("2");
    }
}
