package dev.teal.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.platform.PlatformServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

class AuditTest {
    private static PlatformServer platform;
    private static JdbcClient sql;
    private static AuditLog audit;
    private static TransactionTemplate transaction;

    @BeforeAll
    static void start() {
        platform = PlatformServer.start();
        sql = platform.bean(JdbcClient.class);
        audit = platform.bean(AuditLog.class);
        transaction = platform.bean(TransactionTemplate.class);
        for (int i = 0; i < 5; i++) {
            record("object-" + i, Map.of("number", i));
        }
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static void record(String object, Map<String, ?> detail) {
        transaction.executeWithoutResult(_ -> audit.record("test.do", object, detail));
    }

    private static JsonNode verification() {
        return platform.asAdmin().get("/api/v1/audit-events/verification").json();
    }

    @Test
    void givenNoTransactionNothingCanBeRecorded() {
        assertThatThrownBy(() -> audit.record("test.do", "nothing", Map.of()))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void givenOddValuesWhatComesBackStillHashesTheSame() {
        record(
                "odd",
                Map.of(
                        "zeros",
                        1.50,
                        "large",
                        1e30,
                        "small",
                        1e-12,
                        "negative zero",
                        -0.0,
                        "text",
                        "quote \" backslash \\ line \n tab \t nul \0 half \ud83d umlaut ä emoji 😀 \u2028",
                        "list",
                        List.of(1, "two", Map.of("b", true, "a", Long.MAX_VALUE)),
                        "",
                        ""));

        assertThat(verification().get("intact").asBoolean())
                .as(verification().toString())
                .isTrue();
    }

    @Test
    void givenManyWritersTheChainHasNoForksAndNoGaps() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 40)
                    .forEach(i -> threads.execute(() -> transaction.executeWithoutResult(_ -> {
                        audit.record("test.do", "racer-" + i, Map.of());
                        audit.record("test.do", "racer-" + i, Map.of("second", true));
                    })));
        }

        assertThat(sql.sql("select count(*) from audit_event where object like 'racer-%'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(80);
        assertThat(verification().get("intact").asBoolean()).isTrue();
    }

    @Test
    void givenARollbackNothingIsRecorded() {
        transaction.executeWithoutResult(status -> {
            audit.record("test.do", "undone", Map.of());
            status.setRollbackOnly();
        });

        assertThat(sql.sql("select count(*) from audit_event where object = 'undone'")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(verification().get("intact").asBoolean()).isTrue();
    }

    /** The database refuses this to everybody; whoever may take the triggers away is still seen. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            update audit_event set detail = '{"number": 9}' where object = 'object-2' | was changed
            update audit_event set actor = 'nobody' where object = 'object-2'         | was changed
            update audit_event set at = at + interval '1 s' where object = 'object-2' | was changed
            delete from audit_event where object = 'object-2'                         | is missing
            delete from audit_event where sequence = (select max(sequence) from audit_event) | but its head names
            """)
    void givenATamperedRowTheVerifierNamesIt(String tampering, String finding) {
        transaction.executeWithoutResult(status -> {
            sql.sql("alter table audit_event disable trigger user").update();
            sql.sql(tampering).update();

            AuditVerifier.Verification found =
                    platform.bean(AuditVerifier.class).walk();

            assertThat(found.intact()).isFalse();
            assertThat(found.problem()).contains(finding);
            status.setRollbackOnly();
        });
        assertThat(verification().get("intact").asBoolean()).isTrue();
    }

    @Test
    void givenPagesEachEventComesOnceInOrder() {
        long after = 0;
        long expected = 1;
        while (true) {
            JsonNode page = platform.asAdmin()
                    .get("/api/v1/audit-events?limit=3&after=" + after)
                    .json();
            for (JsonNode event : page.get("items")) {
                assertThat(event.get("sequence").asLong()).isEqualTo(expected++);
            }
            if (page.get("next").isNull()) {
                break;
            }
            after = page.get("next").asLong();
        }
        assertThat(expected - 1)
                .isEqualTo(sql.sql("select max(sequence) from audit_event")
                        .query(Long.class)
                        .single());
    }
}
