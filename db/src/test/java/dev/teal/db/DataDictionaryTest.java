package dev.teal.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DataDictionaryTest {
    @Test
    void givenTheMigratedSchemaEachTableAndColumnStandsInTheDictionary() throws Exception {
        TestDatabase database = TestDatabase.fresh();
        Set<String> columns = new TreeSet<>();
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select table_name, column_name from information_schema.columns
                        where table_schema = 'public' and table_name <> 'flyway_schema_history'""")) {
            while (rows.next()) {
                columns.add(rows.getString(1) + "." + rows.getString(2));
            }
        }

        assertThat(described()).isEqualTo(columns).hasSizeGreaterThan(100);
    }

    private static Set<String> described() throws Exception {
        Set<String> described = new TreeSet<>();
        String table = "";
        for (String line : Files.readAllLines(Path.of(System.getProperty("teal.root"), "db/README.md"))) {
            if (line.startsWith("## ")) {
                table = line.substring(3);
            } else if (line.startsWith("| `")) {
                String[] cells = line.split("\\|");
                assertThat(cells[3].strip()).as("meaning of " + line).isNotEmpty();
                described.add(table + "." + cells[1].strip().replace("`", ""));
            }
        }
        return described;
    }
}
