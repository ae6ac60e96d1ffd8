package dev.teal.platform.cell;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Down while a live member is ahead of the database: that was restored from a backup, and a person must decide which one is right. */
@Component
class CellsHealthIndicator extends AbstractHealthIndicator {
    private static final Logger log = LoggerFactory.getLogger(CellsHealthIndicator.class);

    private final JdbcClient database;
    private volatile boolean said;

    CellsHealthIndicator(JdbcClient database) {
        super("members could not be compared with the database");
        this.database = database;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        List<String> ahead = database.sql("""
                        select m.region || '/' || m.id from cell_member m, cell_state s
                        where m.revision > s.revision and m.lease_until > clock_timestamp() order by 1 limit 20""").query(String.class).list();
        if (ahead.isEmpty()) {
            said = false;
            builder.up();
            return;
        }
        if (!said) {
            said = true;
            log.atError()
                    .addKeyValue("members", ahead)
                    .log(
                            "Cells are ahead of the database, which must have been restored: they take no changes until its state is adopted");
        }
        builder.down().withDetail("membersAhead", ahead);
    }
}
