package dev.teal.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.teal.platform.PlatformServer;
import dev.teal.platform.database.DatabaseState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxTest {
    private final PlatformServer platform = PlatformServer.shared();
    private final Outbox outbox = platform.bean(Outbox.class);
    private final JdbcClient sql = platform.bean(JdbcClient.class);
    private final TransactionTemplate transaction = platform.bean(TransactionTemplate.class);

    @Test
    void givenACommittedChangeItsEventIsPublished() {
        transaction.executeWithoutResult(_ -> outbox.add("test", "published", Map.of("a", 1)));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> sql.sql("select published_at is not null from outbox_event where subject = 'published'")
                        .query(Boolean.class)
                        .single());
    }

    @Test
    void givenARollbackThereIsNoEvent() {
        transaction.executeWithoutResult(status -> {
            outbox.add("test", "undone", Map.of());
            status.setRollbackOnly();
        });

        assertThat(sql.sql("select count(*) from outbox_event where subject = 'undone'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void givenNoTransactionNothingIsTaken() {
        assertThatThrownBy(() -> outbox.add("test", "alone", Map.of()))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void givenASubscriberThatFailsTheEventStaysForTheNextTry() {
        List<String> seen = new CopyOnWriteArrayList<>();
        OutboxRelay failing = relay(event -> {
            throw new IllegalStateException("subscriber is away");
        });
        OutboxRelay working = relay(event -> seen.add(event.subject()));

        transaction.executeWithoutResult(status -> {
            outbox.add("test", "kept", Map.of());
            // Not yet committed, so the platform's own relay can't see it: both of these join this transaction
            assertThatThrownBy(failing::publishBatch).hasMessage("subscriber is away");
            assertThat(sql.sql("select published_at is null from outbox_event where subject = 'kept'")
                            .query(Boolean.class)
                            .single())
                    .isTrue();
            working.publishBatch();
            status.setRollbackOnly();
        });

        assertThat(seen).contains("kept");
    }

    private OutboxRelay relay(EventSink sink) {
        return new OutboxRelay(
                sql,
                transaction,
                sink,
                InstantSource.system(),
                platform.bean(DatabaseState.class),
                new SimpleMeterRegistry());
    }
}
