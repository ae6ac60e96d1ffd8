package dev.teal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
    @TempDir
    Path home;

    @AfterEach
    void stop() {
        EmbeddedDatabase.stop(data());
    }

    @Test
    void givenTheServerIsKilledWhatWasCommittedIsThereAfterTheNextStart() throws Exception {
        EmbeddedDatabase first = start();
        execute(first, "create table kept (word text)", "insert into kept values ('committed')");

        kill(first.pid());
        EmbeddedDatabase second = start();

        assertThat(second.pid()).isNotEqualTo(first.pid());
        assertThat(query(second, "select word from kept")).isEqualTo("committed");
    }

    @Test
    void givenTheServerRunsASecondStartFindsItAndItsData() throws Exception {
        EmbeddedDatabase first = start();
        execute(first, "create table kept (word text)", "insert into kept values ('committed')");

        EmbeddedDatabase second = start();

        assertThat(second).isEqualTo(first);
        assertThat(query(second, "select word from kept")).isEqualTo("committed");
    }

    @Test
    void givenAnotherPortIsAskedForTheServerMovesThere() {
        EmbeddedDatabase first = start();

        first.stop();
        EmbeddedDatabase onFixedPort = EmbeddedDatabase.start(data(), home.resolve("password"), first.port());
        EmbeddedDatabase moved = EmbeddedDatabase.start(
                data(), home.resolve("password"), first.port() == 65535 ? 65534 : first.port() + 1);

        assertThat(onFixedPort.port()).isEqualTo(first.port());
        assertThat(moved.port()).isNotEqualTo(first.port());
        assertThat(ProcessHandle.of(onFixedPort.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void givenAPidFileOfAnotherProgramTheServerStartsAndLeavesThatProgramAlone() throws Exception {
        EmbeddedDatabase first = start();
        kill(first.pid());
        Path pidFile = data().resolve("postmaster.pid");
        String ours = String.valueOf(ProcessHandle.current().pid());
        Files.writeString(pidFile, Files.readString(pidFile).replaceFirst("^\\d+", ours));

        EmbeddedDatabase second = start();

        assertThat(query(second, "select 'answers'")).isEqualTo("answers");
    }

    @Test
    void givenAWrongOrNoPasswordNobodyGetsIn() {
        EmbeddedDatabase database = start();

        assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), database.user(), "wrong"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
        assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), database.user(), ""))
                .isInstanceOf(SQLException.class);
        assertThat(database.toString()).doesNotContain(database.password());
    }

    @Test
    void givenTheFilesOnlyTheirOwnerReadsThem() throws IOException {
        start();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("password"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
                .isEqualTo("rwx------");
    }

    @Test
    void givenADirectoryThatOthersMayEnterItIsClosedAtTheNextStart() throws IOException {
        start().stop();
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwxr-xr-x"));

        start();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
                .isEqualTo("rwx------");
    }

    @Test
    void givenThePasswordFileIsLostANewPasswordOpensTheSameData() throws Exception {
        EmbeddedDatabase first = start();
        execute(first, "create table kept (word text)", "insert into kept values ('committed')");
        Files.delete(home.resolve("password"));

        EmbeddedDatabase second = start();

        assertThat(second.password()).isNotEqualTo(first.password());
        assertThat(query(second, "select word from kept")).isEqualTo("committed");
    }

    @Test
    void givenAStartThatDiedInTheMiddleOfCreatingTheFilesTheNextOneCreatesThem() throws Exception {
        Path draft = Files.createDirectories(home.resolve("data.new"));
        Files.writeString(draft.resolve("PG_VERSION"), "18");

        EmbeddedDatabase database = start();

        assertThat(query(database, "select 'answers'")).isEqualTo("answers");
        assertThat(draft).doesNotExist();
    }

    @Test
    void givenSomethingElseInTheDirectoryItSaysSoAndTouchesNothing() throws IOException {
        Path letter = Files.createDirectories(data()).resolve("letter.txt");
        Files.writeString(letter, "dear");

        assertThatThrownBy(this::start)
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("holds something else");
        assertThat(letter).hasContent("dear");
    }

    @Test
    void givenAPlaceThatCannotBeADirectoryItSaysWhich() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");

        assertThatThrownBy(() -> EmbeddedDatabase.start(file.resolve("data"), home.resolve("password"), 0))
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void givenDataOfAnotherMajorVersionItSaysSo() throws IOException {
        Files.writeString(Files.createDirectories(data()).resolve("PG_VERSION"), "17\n");

        assertThatThrownBy(this::start)
                .isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("is of PostgreSQL 17");
    }

    @Test
    void givenATakenPortItSaysSo() throws Exception {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(data(), home.resolve("password"), taken.getLocalPort()))
                    .isInstanceOf(DatabaseUnavailable.class)
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void givenTheDefaultsAnAcknowledgedCommitIsOnTheDisk() throws Exception {
        EmbeddedDatabase database = start();

        assertThat(query(database, "show fsync")).isEqualTo("on");
        assertThat(query(database, "show full_page_writes")).isEqualTo("on");
        assertThat(query(database, "show synchronous_commit")).isEqualTo("on");
        assertThat(query(database, "show data_checksums")).isEqualTo("on");
    }

    private EmbeddedDatabase start() {
        return EmbeddedDatabase.start(data(), home.resolve("password"), EmbeddedDatabase.ANY_PORT);
    }

    private Path data() {
        return home.resolve("data");
    }

    private static void kill(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
    }

    private static void execute(EmbeddedDatabase database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
