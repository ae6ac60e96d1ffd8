package dev.teal.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL for tests: one server per JVM, in a container where a Docker engine answers, embedded otherwise; and as many databases as tests ask
 * for, each an own copy of one that all migrations ran in.
 */
public record TestDatabase(String jdbcUrl, String user, String password) {
    private static final String TEMPLATE = "teal_template";
    private static final AtomicInteger COPIES = new AtomicInteger();

    /** An empty database of the caller's own, with the schema of today. Takes some 50 ms. */
    public static synchronized TestDatabase fresh() {
        String name = "test_" + COPIES.incrementAndGet();
        execute("create database " + name + " template " + TEMPLATE);
        return Server.ONE.database(name);
    }

    private static void execute(String sql) {
        TestDatabase admin = Server.ONE.database("postgres");
        try (Connection connection = DriverManager.getConnection(admin.jdbcUrl, admin.user, admin.password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Started when the first test asks. */
    private static final class Server {
        static final TestServer ONE = TestServer.start();

        static {
            execute("create database " + TEMPLATE);
            TestDatabase template = ONE.database(TEMPLATE);
            Migrations.run(template.jdbcUrl(), template.user(), template.password());
        }
    }
}
