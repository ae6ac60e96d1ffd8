package dev.teal.platform.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.Api.Answer;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.store.ContentStore;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.MemberReport;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Gateways and fleets: what a rollout waits for from them, and what they are told. */
class MembersStoryTest extends RolloutStory {
    @Test
    void givenOneOfTwoGatewaysLagsTheRolloutWaitsForItAndWhenItDiesForItsLease() {
        serving();
        FakeCell.Gateway second = cell.gateway("g2");
        await(() -> second.state().endpoint(name).isPresent());
        String id = begun(roll("2", ",\"promotion\":\"manual\",\"bake\":\"0s\""));
        awaitState(id, "held");
        second.frozenRevision = second.state().revision();
        second.member.reportNow();
        admin.post("/api/v1/rollouts/" + id + "/promote", "");

        await(() -> rollout(id).path("state").asString().equals("SWITCHING")
                && rollout(id).path("waitingFor").asString().contains("gateway g2")
                && endpoint().path("generation").asLong() == 2);
        second.close();

        assertThat(awaitEnd(id).path("state").asString()).isEqualTo("SUCCEEDED");
    }

    @Test
    void givenAGatewayCannotReachTheNewColorItCanBeAbortedWithNothingChanged() {
        serving();
        gateway.prepares = false;
        String id = begun(roll("2", ""));
        await(() -> rollout(id).path("waitingFor").asString().contains("no worker answers"));

        Answer back = admin.post(path() + "/rollback", "");

        assertThat(back.json().path("state").asString()).as(back.toString()).isEqualTo("ABORTED");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(1);
        assertThat(endpoint().has("next")).isFalse();
        gateway.prepares = true;
        awaitEnd(begun(roll("2", ",\"bake\":\"0s\"")));
        assertThat(endpoint().path("generation").asLong())
                .as("an aborted generation is never used again")
                .isEqualTo(3);
    }

    @Test
    void theStateThatFollowedEveryChangeIsTheOneReadFromScratch() throws Exception {
        serving();
        awaitEnd(begun(roll("2", ",\"bake\":\"0s\"")));
        await(() -> gateway.state().endpoint(name).orElseThrow().generation() == 2);
        ControlPlane plane = controlPlane();

        await(() -> {
            CellState followed = gateway.state();
            CellState scratch = CellState.empty(cell.region).apply(plane.state(0));
            return followed.revision() == scratch.revision()
                    && followed.checksum().equals(scratch.checksum());
        });
    }

    @Test
    void anInferenceKeyReachesTheCellAndIsGoneFromItOnceRevoked() {
        serving();

        JsonNode key = admin.post("/api/v1/api-keys", "{\"name\":\"caller\",\"role\":\"inference\"}")
                .json();

        String id = key.path("key").path("id").asString();
        assertThat(id).as(key.toString()).isNotEmpty();
        await(() -> gateway.state().inferenceKeys().stream()
                .anyMatch(known -> known.id().equals(id)));
        admin.delete("/api/v1/api-keys/" + id);
        await(() -> gateway.state().inferenceKeys().stream()
                .noneMatch(known -> known.id().equals(id)));
    }

    @Test
    void gatewaysAndWorkersAreShownWithTheirLag() {
        serving();

        await(() -> admin.get("/api/v1/gateways")
                .json()
                .path("items")
                .valueStream()
                .anyMatch(item -> item.path("region").asString().equals(cell.region)
                        && item.path("live").asBoolean()
                        && item.path("lag").asLong() == 0));
        assertThat(admin.get("/api/v1/workers")
                        .json()
                        .path("fleets")
                        .valueStream()
                        .filter(fleet -> fleet.path("region").asString().equals(cell.region)))
                .hasSize(1);
    }

    @Test
    void aCellFetchesAnArtifactByItsDigestAndNotOnceItsBytesHaveChanged() throws Exception {
        members();
        byte[] bytes = ("model of " + name).getBytes(UTF_8);
        String digest = Digests.of(bytes);
        Path file = server.bean(ContentStore.class).path(digest);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        Api asCell = server.as(PlatformServer.CELL_KEY);
        String path = "/cell/v1/" + cell.region + "/artifacts/" + digest;

        assertThat(asCell.get(path).response().body()).isEqualTo(bytes);
        assertThat(server.as("").get(path).status()).isEqualTo(401);
        Files.write(file, "something else".getBytes(UTF_8));
        assertThat(asCell.get(path).status()).isEqualTo(404);
        assertThat(asCell.get("/cell/v1/nowhere/state").code()).isEqualTo("UNKNOWN_REGION");
    }

    @Test
    void anOlderReportChangesNothing() throws Exception {
        members();
        gateway.close();
        ControlPlane plane = controlPlane();

        plane.report("late", report(7, 5));
        plane.report("late", report(6, 4));

        assertThat(count("select revision from cell_member where id = 'late'")).isEqualTo(5);
    }

    private static MemberReport report(long sequence, long revision) {
        return new MemberReport(
                MemberKind.GATEWAY,
                "i",
                sequence,
                "test",
                "http://127.0.0.1:1",
                revision,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private ControlPlane controlPlane() {
        return new ControlPlane(URI.create(server.as("").base()), cell.region, PlatformServer.CELL_KEY);
    }
}
