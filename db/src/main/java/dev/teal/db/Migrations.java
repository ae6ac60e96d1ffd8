package dev.teal.db;

import org.flywaydb.core.Flyway;

/** The schema of Teal, brought up to date outside of platform-api (which runs the same files through Spring Boot). */
public final class Migrations {
    public static final String LOCATION = "classpath:db/migration";

    private Migrations() {}

    /** @return how many migrations ran; 0 where the database is up to date */
    public static int run(String jdbcUrl, String user, String password) {
        return Flyway.configure()
                .dataSource(jdbcUrl, user, password)
                .locations(LOCATION)
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
