package dev.teal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {
    @Test
    void givenTwoDatabasesNeitherSeesTheOther() throws SQLException {
        TestDatabase one = TestDatabase.fresh();
        TestDatabase other = TestDatabase.fresh();

        try (Connection connection = connect(one);
                Statement statement = connection.createStatement()) {
            statement.execute("create table mine (id int)");
        }

        assertThat(tables(one, "mine")).isTrue();
        assertThat(tables(other, "mine")).isFalse();
    }

    @Test
    void givenAFreshDatabaseAllMigrationsHaveRun() {
        TestDatabase database = TestDatabase.fresh();

        assertThat(Migrations.run(database.jdbcUrl(), database.user(), database.password()))
                .isZero();
    }

    @Test
    void givenADockerEngineTheContainerServesTheSame() throws SQLException {
        assumeTrue(TestServer.dockerAnswers(), "no Docker engine answers here");

        TestServer server = TestServer.container();

        assertThat(tables(server.database("postgres"), "pg_class")).isTrue();
    }

    private static boolean tables(TestDatabase database, String name) throws SQLException {
        try (Connection connection = connect(database);
                var result = connection.getMetaData().getTables(null, null, name, null)) {
            return result.next();
        }
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
