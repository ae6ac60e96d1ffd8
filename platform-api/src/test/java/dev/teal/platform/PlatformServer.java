package dev.teal.platform;

import dev.teal.db.TestDatabase;
import dev.teal.platform.database.DatabaseState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole control plane on a free port with a database and a folder of its own, as its users reach it. */
public final class PlatformServer implements AutoCloseable {
    public static final String CELL_KEY = "teal_cellcellcell_cellcellcellcellcellcellcellcellcellcellcel";

    private final ConfigurableApplicationContext context;
    private final TestDatabase database;
    private final Path home;

    private PlatformServer(ConfigurableApplicationContext context, TestDatabase database, Path home) {
        this.context = context;
        this.database = database;
        this.home = home;
    }

    /** Started once a JVM, for tests that need nothing special: each makes its own objects with names of its own. */
    public static PlatformServer shared() {
        return Shared.ONE;
    }

    public static PlatformServer start() {
        return start(TestDatabase.fresh(), newHome(), Map.of()).awaitDatabase();
    }

    /** @param properties beside, or in place of, those that the launcher gives */
    public static PlatformServer start(TestDatabase database, Path home, Map<String, String> properties) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("server.port", "0");
        all.put("management.server.port", "0");
        all.put("spring.datasource.url", database.jdbcUrl());
        all.put("spring.datasource.username", database.user());
        all.put("spring.datasource.password", database.password());
        all.put("platform.artifacts.directory", home.resolve("artifacts").toString());
        all.put("platform.cells.key-file", home.resolve("secrets/cell.key").toString());
        all.put("platform.admin-key-file", home.resolve("secrets/admin.key").toString());
        all.putAll(properties);
        String[] arguments = all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        return new PlatformServer(
                new SpringApplicationBuilder(PlatformApplication.class)
                        .web(WebApplicationType.SERVLET)
                        .run(arguments),
                database,
                home);
    }

    public static Path newHome() {
        try {
            Path home = Files.createTempDirectory("teal-platform-");
            Files.createDirectories(home.resolve("secrets"));
            Files.writeString(home.resolve("secrets/cell.key"), CELL_KEY);
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PlatformServer awaitDatabase() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .until(() -> bean(DatabaseState.class).isMigrated());
        return this;
    }

    public int port() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    public int managementPort() {
        return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    public String adminKey() {
        try {
            return Files.readString(home.resolve("secrets/admin.key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Api asAdmin() {
        return as(adminKey());
    }

    /** @param key empty for none */
    public Api as(String key) {
        return new Api("http://127.0.0.1:" + port(), key);
    }

    /** A key with that role, made for the caller. */
    public Api withRole(String role) {
        return as(asAdmin()
                .post("/api/v1/api-keys", "{\"name\":\"test\",\"role\":\"" + role + "\"}")
                .json()
                .get("secret")
                .asString());
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public Path home() {
        return home;
    }

    public TestDatabase database() {
        return database;
    }

    @Override
    public void close() {
        context.close();
    }

    private static final class Shared {
        static final PlatformServer ONE = start();
    }
}
