package dev.teal.platform.database;

import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Takes the migration out of the start's way, see {@link DatabaseStart}. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    @Bean
    FlywayMigrationStrategy migrateBesideTheStart() {
        return _ -> {};
    }
}
