package dev.teal.platform.outbox;

import java.time.InstantSource;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Where a change leaves what others should hear of. It is published once the change is committed, at least once, in order of its writing. */
@Component
public class Outbox {
    private final JdbcClient sql;
    private final JsonMapper json;
    private final InstantSource clock;

    Outbox(JdbcClient sql, JsonMapper json, InstantSource clock) {
        this.sql = sql;
        this.json = json;
        this.clock = clock;
    }

    /**
     * @param type {@code teal.rollout.state.changed.v1}
     * @param subject {@code endpoints/fraud/rollouts/<id>}
     * @param payload anything that JSON can show
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(String type, String subject, Object payload) {
        sql.sql("insert into outbox_event (at, type, subject, payload) values (?, ?, ?, ?::jsonb)")
                .params(clock.instant().atOffset(ZoneOffset.UTC), type, subject, json.writeValueAsString(payload))
                .update();
    }
}
