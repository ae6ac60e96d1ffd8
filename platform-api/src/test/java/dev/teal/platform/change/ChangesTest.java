package dev.teal.platform.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class ChangesTest {
    private static final String BODY = "{\"name\":\"%s\",\"role\":\"VIEWER\"}";

    private final PlatformServer platform = PlatformServer.shared();
    private final Api admin = platform.asAdmin();
    private final JdbcClient sql = platform.bean(JdbcClient.class);
    private final String name = UUID.randomUUID().toString();

    private int made() {
        return sql.sql("select count(*) from api_key where name = ?")
                .param(name)
                .query(Integer.class)
                .single();
    }

    @Test
    void givenTheSameKeyForAnotherBodyTheCallIsRefused() {
        admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name);

        Api.Answer other = admin.post("/api/v1/api-keys", BODY.formatted("other"), "Idempotency-Key", name);

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void givenAnotherCallersSameKeyBothAreServed() {
        Api other = platform.withRole("ADMIN");

        assertThat(admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name)
                        .status())
                .isEqualTo(201);
        assertThat(other.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name)
                        .status())
                .isEqualTo(201);
        assertThat(made()).isEqualTo(2);
    }

    @Test
    void givenManyCallsAtOnceOneIsDoneAndTheOthersHearOfIt() throws Exception {
        List<Api.Answer> answers = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Api.Answer> call = () -> {
                go.await();
                return admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name);
            };
            List<Future<Api.Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                calls.add(threads.submit(call));
            }
            go.countDown();
            for (Future<Api.Answer> future : calls) {
                answers.add(future.get());
            }
        }

        assertThat(made()).isEqualTo(1);
        assertThat(answers)
                .allMatch(answer -> answer.status() == 201
                        || (answer.code().equals("IDEMPOTENCY_KEY_IN_USE")
                                && answer.header("Retry-After").equals("1")));
        assertThat(answers.stream()
                        .filter(answer -> answer.status() == 201)
                        .map(answer -> answer.header("Location"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void givenTheFirstCallStillRunsTheSecondIsToldToWait() {
        platform.bean(TransactionTemplate.class).executeWithoutResult(_ -> {
            sql.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
                    .param("key:" + admin.key().substring(5, 17) + ' ' + name)
                    .query((_, _) -> true)
                    .list();

            Api.Answer second = admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name);

            assertThat(second.status()).isEqualTo(409);
            assertThat(second.code()).isEqualTo("IDEMPOTENCY_KEY_IN_USE");
            assertThat(second.header("Retry-After")).isEqualTo("1");
        });

        assertThat(admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void givenAFailingCommitNothingIsLeftAndTheSameKeyDoesTheChange() {
        // A deferred trigger fails at the commit, after the change, its audit event and its stored answer were written
        sql.sql("create function refuse_commit() returns trigger language plpgsql as " + "'begin if new.name = ''"
                        + name + "'' then raise exception ''no''; end if; return null; end'")
                .update();
        sql.sql("create constraint trigger refuse_commit after insert on api_key deferrable initially deferred "
                        + "for each row execute function refuse_commit()")
                .update();
        Api.Answer failed;
        try {
            failed = admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name);
        } finally {
            sql.sql("drop trigger refuse_commit on api_key").update();
            sql.sql("drop function refuse_commit").update();
        }

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.code()).isEqualTo("INTERNAL_ERROR");
        assertThat(failed.text()).doesNotContain("refuse_commit", "Exception", "insert");
        assertThat(made()).isZero();
        assertThat(sql.sql("select count(*) from idempotency_key where key = ?")
                        .param(name)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(sql.sql("select count(*) from audit_event where detail ->> 'name' = ?")
                        .param(name)
                        .query(Integer.class)
                        .single())
                .isZero();

        Api.Answer again = admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEmpty();
        assertThat(made()).isEqualTo(1);
    }

    @Test
    void givenAKeyOfADayAgoTheCallIsNew() {
        admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name);
        sql.sql("update idempotency_key set created_at = created_at - interval '25 hours' where key = ?")
                .param(name)
                .update();

        Api.Answer again = admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", name);

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEmpty();
        assertThat(made()).isEqualTo(2);
    }

    @Test
    void givenAnUnusableKeyTheCallIsRefused() {
        for (String key : List.of(" ", "x".repeat(256))) {
            Api.Answer answer = admin.post("/api/v1/api-keys", BODY.formatted(name), "Idempotency-Key", key);

            assertThat(answer.code()).isEqualTo("INVALID_IDEMPOTENCY_KEY");
        }
        assertThat(made()).isZero();
    }
}
