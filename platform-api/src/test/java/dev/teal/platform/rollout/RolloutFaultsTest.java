package dev.teal.platform.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.Api.Answer;
import dev.teal.platform.PlatformServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.JsonNode;

/** A rollout moves once, whoever crashes, is cut off, or asks at the same time. */
class RolloutFaultsTest extends RolloutStory {
    @Test
    void ofThirtyTwoRolloutsAtOnceOneWins() throws Exception {
        serving();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                calls.add(threads.submit(() -> roll("2", ",\"promotion\":\"manual\"")));
            }
            int won = 0;
            for (Future<Answer> call : calls) {
                Answer answer = call.get();
                assertThat(answer.status()).as(answer.toString()).isIn(201, 409);
                if (answer.status() == 201) {
                    won++;
                } else {
                    assertThat(answer.code()).isEqualTo("ROLLOUT_IN_PROGRESS");
                }
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void aCrashBeforeOrAfterAnyCommitOfARolloutIsContinuedByTheNextLook() {
        serving();
        Set<String> crashed = ConcurrentHashMap.newKeySet();
        String mine = name;
        ApplicationListener<PayloadApplicationEvent<RolloutMoved>> crash = event -> {
            String state = database.sql("""
                            select e.name || ' ' || (r.detail ->> 'is') || ' ' || r.version from rollout r join endpoint e on e.id = r.endpoint_id
                            where r.id = ?""")
                    .param(event.getPayload().id())
                    .query(String.class)
                    .single();
            if (!state.startsWith(mine + " ") || state.contains(" Pending ")) {
                return;
            }
            if (crashed.add(state + " before")) {
                throw new StaleRollout("crash before the commit of " + state);
            }
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    if (crashed.add(state + " after")) {
                        throw new StaleRollout("crash after the commit of " + state);
                    }
                }
            });
        };
        ApplicationEventMulticaster events = server.bean(ApplicationEventMulticaster.class);
        events.addApplicationListener(crash);
        try {
            // Held first, so that no crash falls into the command that begins it
            String id = "";
            while (id.isEmpty()) {
                Answer answer = roll("2", ",\"bake\":\"0s\"");
                id = answer.status() == 201
                        ? answer.json().path("id").asString()
                        : answer.status() == 409 ? openOrLast() : "";
            }
            JsonNode ended = awaitEnd(id);

            assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
            assertThat(timeline(ended)).as("each transition once").isEqualTo(WHOLE_LIFE);
            assertThat(endpoint().path("generation").asLong()).isEqualTo(2);
            assertThat(crashed.stream().filter(at -> at.endsWith("before"))).hasSizeGreaterThanOrEqualTo(8);
            assertThat(crashed.stream().filter(at -> at.endsWith("after"))).hasSizeGreaterThanOrEqualTo(7);
        } finally {
            events.removeApplicationListener(crash);
        }
    }

    @Test
    void givenTheDatabaseCutsAllConnectionsAgainAndAgainTheRolloutEndsAllTheSame() {
        serving();
        String id = begun(roll("2", ",\"bake\":\"1s\",\"standby\":\"1h\""));
        TestDatabase own = server.database();
        for (int i = 0; i < 5; i++) {
            try (Connection connection = DriverManager.getConnection(own.jdbcUrl(), own.user(), own.password());
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        await(() -> {
            Answer answer = admin.get("/api/v1/rollouts/" + id);
            return answer.status() == 200 && answer.json().path("ended").asBoolean();
        });
        assertThat(rollout(id).path("state").asString()).isEqualTo("SUCCEEDED");
        assertThat(endpoint().path("generation").asLong()).isEqualTo(2);
    }

    @Test
    void twoControlPlanesOnOneDatabaseMoveARolloutOnceAndBothTellTheCell() {
        serving();
        try (PlatformServer second =
                PlatformServer.start(server.database(), server.home(), Map.of("platform.cells.regions", cell.region))) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> second.as(server.adminKey()).get(path()).status() == 200);
            Api other = second.as(server.adminKey());
            for (String version : List.of("2", "1", "2")) {
                Answer begun = other.post(path() + "/rollouts", "{\"version\":\"" + version + "\",\"bake\":\"0s\"}");
                JsonNode ended = awaitEnd(begun(begun));
                assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
                assertThat(ended.path("timeline").size()).isEqualTo(9);
            }
        }
        assertThat(endpoint().path("generation").asLong()).isEqualTo(4);
    }
}
