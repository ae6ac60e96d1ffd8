package dev.teal.platform.database;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Whether the database has been reached, and whether it answered last; for work in the background, which neither dies nor shouts without it. */
@Component
public class DatabaseState {
    private static final Logger log = LoggerFactory.getLogger(DatabaseState.class);

    private final AtomicBoolean migrated = new AtomicBoolean();
    private final AtomicBoolean missed = new AtomicBoolean();

    /** Reached once and migrated; it may be away again. */
    public boolean isMigrated() {
        return migrated.get();
    }

    void becomeMigrated() {
        migrated.set(true);
    }

    /**
     * Does {@code work} once the schema stands. A database that is away is logged once until it is back, and the work is left for the next turn.
     *
     * @param name what the log calls it
     */
    public void whileUp(String name, Runnable work) {
        if (!isMigrated()) {
            return;
        }
        try {
            work.run();
            if (missed.compareAndSet(true, false)) {
                log.atInfo().log("Database answers again");
            }
        } catch (DataAccessException | TransactionException e) {
            if (missed.compareAndSet(false, true)) {
                log.atWarn()
                        .addKeyValue("work", name)
                        .addKeyValue("cause", String.valueOf(e.getMessage()))
                        .log("Database does not answer, background work waits");
            }
        }
    }
}
