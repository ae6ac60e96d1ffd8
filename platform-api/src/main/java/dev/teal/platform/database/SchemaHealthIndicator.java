package dev.teal.platform.database;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Out of service until the schema stands and holds what the start puts there, the first admin key among it: who waits for this program to be well
 * can call it then.
 */
@Component
class SchemaHealthIndicator implements HealthIndicator {
    private final DatabaseState state;

    SchemaHealthIndicator(DatabaseState state) {
        this.state = state;
    }

    @Override
    public Health health() {
        return (state.isMigrated() ? Health.up() : Health.outOfService()).build();
    }
}
