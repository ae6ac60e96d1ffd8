package dev.teal.platform.access;

import dev.teal.platform.database.DatabaseState;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** When each key was last used, written some seconds later and together: a read must not cost a write. */
@Component
class LastUse {
    private final Map<String, Instant> unwritten = new ConcurrentHashMap<>();
    private final JdbcClient sql;
    private final InstantSource clock;
    private final DatabaseState database;

    LastUse(JdbcClient sql, InstantSource clock, DatabaseState database) {
        this.sql = sql;
        this.clock = clock;
        this.database = database;
    }

    void of(String keyId) {
        unwritten.put(keyId, clock.instant());
    }

    @Scheduled(fixedDelay = 10_000)
    void write() {
        database.whileUp(
                "write when keys were used",
                () -> unwritten.forEach((id, at) -> {
                    sql.sql(
                                    "update api_key set last_used_at = :at where id = :id and (last_used_at is null or last_used_at < :at)")
                            .param("at", at.atOffset(ZoneOffset.UTC))
                            .param("id", id)
                            .update();
                    unwritten.remove(id, at);
                }));
    }
}
