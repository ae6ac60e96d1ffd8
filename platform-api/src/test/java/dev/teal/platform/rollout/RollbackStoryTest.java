package dev.teal.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api.Answer;
import dev.teal.protocol.Color;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Back to the version before: asked for, or because the new one misbehaves. */
class RollbackStoryTest extends RolloutStory {
    @Test
    void givenAProvenStandbyARollbackIsCommittedInTheVeryRequestAndAskedTwiceItIsNotUndone() {
        serving();
        awaitEnd(begun(roll("2", ",\"bake\":\"0s\"")));
        await(() -> endpoint().path("rollbackTarget").path("ready").asBoolean());

        Answer back = admin.post(path() + "/rollback", "{\"reason\":\"wrong answers\"}");

        assertThat(back.status()).as(back.toString()).isEqualTo(201);
        assertThat(back.json().path("state").asString()).isIn("SWITCHING", "SUCCEEDED");
        assertThat(endpoint().path("activeVersion").asString()).isEqualTo("1");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(3);
        awaitEnd(back.json().path("id").asString());
        Answer twice = admin.post(path() + "/rollback", "");
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.code()).isEqualTo("NO_ROLLBACK_TARGET");
        awaitEmpty("green");
    }

    @Test
    void aRollbackInTheBakeGoesBackAndRetiresTheNewVersion() {
        serving();
        String id = begun(roll("2", ""));
        assertThat(awaitState(id, "switched").path("state").asString()).isEqualTo("BAKING");

        Answer back = admin.post(path() + "/rollback", "");

        assertThat(back.status()).as(back.toString()).isEqualTo(200);
        assertThat(awaitEnd(id).path("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(endpoint().path("activeColor").asString()).isEqualTo("blue");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(3);
        assertThat(endpoint().path("desiredVersion").asString()).isEqualTo("1");
    }

    @Test
    void aVersionThatFailsInTheBakeIsRolledBackByItselfAndQuarantined() {
        serving();
        gateway.count(name, 1, Color.BLUE, 1_000, 1);
        String id = begun(roll("2", ""));
        awaitState(id, "switched");
        gateway.count(name, 2, Color.GREEN, 100, 30);

        JsonNode ended = awaitEnd(id);

        assertThat(ended.path("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(ended.path("reason").asString()).contains("30 of 100 requests failed");
        assertThat(ended.path("verdict").path("outcome").asString()).isEqualTo("BAD");
        assertThat(put("2").code()).isEqualTo("QUARANTINED_VERSION");
        assertThat(roll("2", ",\"promotion\":\"manual\"").status())
                .as("asked for by name")
                .isEqualTo(201);
    }

    @Test
    void givenTheNewColorLosesItsWorkersInTheBakeItIsRolledBack() {
        serving();
        String id = begun(roll("2", ""));
        awaitState(id, "switched");

        cell.ready.put("2", 0);
        cell.fleetChanged();

        JsonNode ended = awaitEnd(id);
        assertThat(ended.path("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(ended.path("reason").asString()).contains("lost its readiness");
    }
}
