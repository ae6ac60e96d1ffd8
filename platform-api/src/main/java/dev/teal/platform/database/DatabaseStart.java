package dev.teal.platform.database;

import dev.teal.platform.problem.DatabaseFailures;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.SchemaValidationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reaches and migrates the database beside the start of the program, trying until it is there, so that the API answers 503 meanwhile and not
 * nothing. A database that is there but has another schema than this program's stops the program: that never passes by itself.
 */
@Component
class DatabaseStart implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(DatabaseStart.class);
    private static final long RETRY_MILLIS = 500;

    private final Flyway flyway;
    private final EntityManagerFactory entities;
    private final DatabaseState state;
    private final ApplicationEventPublisher events;
    private final ApplicationContext context;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;

    DatabaseStart(
            Flyway flyway,
            EntityManagerFactory entities,
            DatabaseState state,
            ApplicationEventPublisher events,
            ApplicationContext context) {
        this.flyway = flyway;
        this.entities = entities;
        this.state = state;
        this.events = events;
        this.context = context;
    }

    @Override
    public void start() {
        thread = Thread.ofVirtual().name("database-start").start(this::reach);
    }

    private void reach() {
        try {
            for (int attempt = 1; !state.isMigrated(); attempt++) {
                if (tried(attempt) || stopped.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (stopped.getCount() == 0) {
                // The program stops before it has begun: what it needs is closed under it
                return;
            }
            log.atError().setCause(e).log("Database has another schema than this program: stopping");
            Thread.ofPlatform().start(() -> System.exit(SpringApplication.exit(context, () -> 1)));
        }
    }

    private boolean tried(int attempt) {
        try {
            flyway.migrate();
            entities.getSchemaManager().validate();
            events.publishEvent(new DatabaseReady());
            state.becomeMigrated();
            log.atInfo().addKeyValue("attempts", attempt).log("Database is ready");
            return true;
        } catch (RuntimeException e) {
            if (!DatabaseFailures.isAway(e)) {
                throw e;
            }
            if (attempt == 1 || attempt % 20 == 0) {
                log.atWarn()
                        .addKeyValue("attempt", attempt)
                        .addKeyValue(
                                "cause",
                                String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""))
                        .log("Database does not answer yet, trying on");
            }
            return false;
        } catch (SchemaValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        stopped.countDown();
    }

    @Override
    public boolean isRunning() {
        return thread != null && stopped.getCount() > 0;
    }
}
