package dev.teal.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api.Answer;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.Rate;
import dev.teal.protocol.cell.RuntimeSettings;
import org.junit.jupiter.api.Test;

/** What a caller may declare, repeat and take back. */
class DeclarationStoryTest extends RolloutStory {
    @Test
    void repeatedCallsReturnTheFirstAnswerAndStaleOnesAreRefused() {
        serving();
        String body = "{\"version\":\"2\",\"promotion\":\"manual\"}";

        Answer first = admin.post(path() + "/rollouts", body, "Idempotency-Key", "key-" + name, "If-Match", "\"1\"");
        Answer second = admin.post(path() + "/rollouts", body, "Idempotency-Key", "key-" + name, "If-Match", "\"1\"");
        Answer stale = admin.post(path() + "/rollback", "", "If-Match", "\"7\"");

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json().path("id")).isEqualTo(first.json().path("id"));
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.code()).isEqualTo("STALE_VERSION");
        assertThat(put("1", "If-Match", "\"9\"").status()).isEqualTo(412);
    }

    @Test
    void whatCannotBeIsRefusedWithWhatToDo() {
        serving();

        assertThat(roll("other", "").code()).isEqualTo("SIGNATURE_INCOMPATIBLE");
        assertThat(roll("other", "").text()).contains("'features' FP32[-1, 29] is FP32[-1, 30]", "'label'");
        assertThat(roll("1", "").code()).isEqualTo("VERSION_ALREADY_ACTIVE");
        assertThat(roll("99", "").code()).isEqualTo("VERSION_NOT_REGISTERED");
        assertThat(roll("2", ",\"bake\":\"2h\",\"standby\":\"1h\"").text())
                .contains("bake must not be longer than standby");
        assertThat(roll("2", ",\"bake\":\"soon\"").text()).contains("'soon' is not a duration");
        assertThat(roll("2", ",\"promotion\":\"maybe\"").status()).isEqualTo(422);
        assertThat(admin.post(path() + "/rollback", "").code()).isEqualTo("NO_ROLLBACK_TARGET");
        assertThat(admin.get("/api/v1/rollouts/nonsense").status()).isEqualTo(404);
        assertThat(admin.put(path(), "{\"model\":\"fraud\",\"version\":\"1\",\"region\":\"r59\"}")
                        .code())
                .isEqualTo("ENDPOINT_IS_FIXED");
        assertThat(admin.put(
                                path(),
                                "{\"model\":\"fraud\",\"version\":\"1\",\"configuration\":{\"minWorkers\":9,\"maxWorkers\":3}}")
                        .text())
                .contains("minWorkers must not be above maxWorkers");
        assertThat(admin.put("/api/v1/endpoints/Bad!", "{\"model\":\"fraud\",\"version\":\"1\"}")
                        .status())
                .isEqualTo(422);
        String id = begun(roll("2", ",\"promotion\":\"manual\""));
        Answer second = roll("3", "");
        assertThat(second.code()).isEqualTo("ROLLOUT_IN_PROGRESS");
        assertThat(second.json().path("rollout").asString()).isEqualTo(id);
        assertThat(put("3").code()).isEqualTo("ROLLOUT_IN_PROGRESS");
    }

    @Test
    void aConfigurationHoldsForBothColorsAndReachesTheCell() {
        serving();

        Answer answer = admin.put(
                path(),
                "{\"model\":\"fraud\",\"version\":\"1\",\"configuration\":{\"minWorkers\":1,\"requestDeadline\":\"PT2S\",\"bodyLimit\":\"1MiB\",\"inferenceKey\":\"required\","
                        + "\"maxBatchRows\":16,\"batchDelay\":\"500us\",\"responseCache\":\"1MiB\",\"requestRate\":50,\"requestBurst\":75}}");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        await(() -> gateway.state().endpoint(name).orElseThrow().limits().requestDeadlineMillis() == 2_000);
        var state = gateway.state().endpoint(name).orElseThrow();
        assertThat(state.limits().bodyLimitBytes()).isEqualTo(1 << 20);
        assertThat(state.limits().keyRequired()).isTrue();
        assertThat(state.limits().rate()).isEqualTo(new Rate(50, 75));
        assertThat(state.environment(Color.BLUE).orElseThrow().scaling().minWorkers())
                .isEqualTo(1);
        assertThat(state.environment(Color.BLUE).orElseThrow().runtime())
                .isEqualTo(new RuntimeSettings(1, 1, new Batching(16, 500), 1L << 20, 1L << 20));
        assertThat(answer.json().get("configuration").toString())
                .contains(
                        "\"maxBatchRows\":16,\"batchDelay\":\"500us\",\"responseCache\":\"1MiB\",\"requestRate\":50,\"requestBurst\":75");
    }

    @Test
    void aDeletedEndpointLeavesTheCellAndItsNameGoesOnWithHigherGenerations() {
        serving();

        assertThat(admin.delete(path()).status()).isEqualTo(204);

        await(() -> gateway.state().endpoint(name).isEmpty());
        assertThat(admin.get(path()).status()).isEqualTo(404);
        assertThat(put("2").status()).isEqualTo(201);
        awaitEnd(openOrLast());
        assertThat(endpoint().path("generation").asLong()).isEqualTo(2);
        await(() -> gateway.state()
                .endpoint(name)
                .map(state -> state.generation() == 2)
                .orElse(false));
        assertThat(gateway.state().refused()).isEmpty();
    }
}
