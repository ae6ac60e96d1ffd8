package dev.teal.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A version is released, promoted or aborted, and the one before it stands by. */
class ReleaseStoryTest extends RolloutStory {
    @Test
    void aFirstVersionIsProvenInBlueAndTheSameDeclarationAgainChangesNothing() {
        serving();
        await(() -> endpoint()
                        .path("environments")
                        .path("blue")
                        .path("workers")
                        .path("ready")
                        .asInt()
                == 1);
        long revision = count("select revision from cell_state");
        long events = count("select count(*) from audit_event");

        Answer again = put("1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("ETag")).isEqualTo("\"1\"");
        assertThat(count("select revision from cell_state")).isEqualTo(revision);
        assertThat(count("select count(*) from audit_event")).isEqualTo(events);
        JsonNode endpoint = again.json();
        assertThat(endpoint.path("route").path("bluePercent").asInt()).isEqualTo(100);
        assertThat(endpoint.path("addresses").get(0).asString())
                .isEqualTo("http://127.0.0.1:8000/v2/models/" + name + "/infer");
        assertThat(endpoint.path("lastRollout").path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void aReleaseSwitchesBakesAndKeepsTheFormerVersionForARollback() {
        serving();

        String id = begun(roll("2", ",\"bake\":\"0s\",\"standby\":\"1h\""));
        JsonNode ended = awaitEnd(id);

        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        JsonNode endpoint = endpoint();
        assertThat(endpoint.path("activeColor").asString()).isEqualTo("green");
        assertThat(endpoint.path("generation").asLong()).isEqualTo(2);
        assertThat(endpoint.path("rollbackTarget").path("version").asString()).isEqualTo("1");
        assertThat(endpoint.path("standbyUntil").asString()).isNotEmpty();
        assertThat(timeline(ended)).isEqualTo(WHOLE_LIFE);
        assertThat(admin.get("/api/v1/audit-events?limit=100").text()).contains("rollout.baking");
    }

    @Test
    void aManualRolloutHoldsUntilItIsPromotedAndPromotingTwiceIsNoError() {
        serving();
        String id = begun(roll("2", ",\"promotion\":\"manual\",\"bake\":\"0s\""));

        JsonNode held = awaitState(id, "held");
        assertThat(held.path("state").asString()).isEqualTo("HELD");
        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("1");
        Answer promoted = admin.post("/api/v1/rollouts/" + id + "/promote", "");

        assertThat(promoted.status()).as(promoted.toString()).isEqualTo(200);
        assertThat(awaitEnd(id).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(admin.post("/api/v1/rollouts/" + id + "/promote", "").status())
                .isEqualTo(200);
        assertThat(admin.post("/api/v1/rollouts/" + id + "/abort", "").code()).isEqualTo("ILLEGAL_TRANSITION");
    }

    @Test
    void anAbortedRolloutLeavesTheRouteAndItsEnvironmentEmpties() {
        serving();
        String id = begun(roll("2", ",\"promotion\":\"manual\""));
        awaitState(id, "held");

        Answer aborted = admin.post("/api/v1/rollouts/" + id + "/abort", "{\"reason\":\"not today\"}");

        assertThat(aborted.json().path("state").asString()).isEqualTo("ABORTED");
        assertThat(aborted.json().path("reason").asString()).isEqualTo("not today");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(1);
        awaitEmpty("green");
    }

    @Test
    void twentySwitchesInARowReuseTheStandbyAndEachGatewayAgrees() {
        serving();
        for (int i = 0; i < 20; i++) {
            String version = i % 2 == 0 ? "2" : "1";
            JsonNode ended = awaitEnd(begun(roll(version, ",\"bake\":\"0s\"")));
            assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
        }

        assertThat(endpoint().path("generation").asLong()).isEqualTo(21);
        await(() -> gateway.state().endpoint(name).orElseThrow().generation() == 21);
        assertThat(gateway.state().refused()).isEmpty();
    }

    @Test
    void aStandbyWhoseTimeIsOverEmpties() {
        serving();

        awaitEnd(begun(roll("2", ",\"bake\":\"0s\",\"standby\":\"1s\"")));

        awaitEmpty("blue");
        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("2");
        assertThat(endpoint().has("rollbackTarget")).isFalse();
    }

    @Test
    void aStandbyCanBeRetiredEarly() {
        serving();
        awaitEnd(begun(roll("2", ",\"bake\":\"0s\"")));

        assertThat(admin.delete(path() + "/standby").status()).isEqualTo(204);

        awaitEmpty("blue");
        assertThat(admin.delete(path() + "/standby").status()).isEqualTo(204);
    }
}
