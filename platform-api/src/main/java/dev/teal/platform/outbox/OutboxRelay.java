package dev.teal.platform.outbox;

import dev.teal.platform.database.DatabaseState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Publishes what changes left. Any number of instances may run: each takes rows that no other holds. */
@Component
class OutboxRelay {
    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final int BATCH = 100;
    /** Published events stay for a week, for whoever asks what was sent. */
    private static final Duration KEPT = Duration.ofDays(7);

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final EventSink sink;
    private final InstantSource clock;
    private final DatabaseState database;
    private final Counter published;

    OutboxRelay(
            JdbcClient sql,
            TransactionTemplate transaction,
            EventSink sink,
            InstantSource clock,
            DatabaseState database,
            MeterRegistry meters) {
        this.sql = sql;
        this.transaction = transaction;
        this.sink = sink;
        this.clock = clock;
        this.database = database;
        this.published = meters.counter("outbox.published");
    }

    /** An event as it is published. @param payload JSON */
    record OutboxEvent(long id, Instant at, String type, String subject, String payload) {}

    @Scheduled(fixedDelay = 1000)
    void publishAll() {
        database.whileUp("publish outbox events", () -> {
            while (publishBatch() == BATCH) {
                log.atDebug().log("Outbox has more");
            }
        });
    }

    @Scheduled(fixedDelay = 3_600_000, initialDelay = 60_000)
    void forgetOld() {
        database.whileUp(
                "forget old outbox events",
                () -> sql.sql("delete from outbox_event where published_at < ?")
                        .param(clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC))
                        .update());
    }

    /** Marked after it is handed over: a crash between the two publishes twice, never not at all. */
    int publishBatch() {
        Integer count = transaction.execute(_ -> {
            List<OutboxEvent> events = sql.sql("""
                    select id, at, type, subject, payload from outbox_event
                    where published_at is null order by id limit :batch for update skip locked""")
                    .param("batch", BATCH)
                    .query((row, _) -> new OutboxEvent(
                            row.getLong("id"),
                            row.getObject("at", OffsetDateTime.class).toInstant(),
                            row.getString("type"),
                            row.getString("subject"),
                            row.getString("payload")))
                    .list();
            if (!events.isEmpty()) {
                events.forEach(sink::publish);
                sql.sql("update outbox_event set published_at = :at where id in (:ids)")
                        .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                        .param("ids", events.stream().map(OutboxEvent::id).toList())
                        .update();
            }
            return events.size();
        });
        published.increment(count == null ? 0 : count);
        return count == null ? 0 : count;
    }
}
