package dev.teal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the script finds on a machine, and says where it does not. {@code ./teal jdk} prints the JDK that it would use. */
class TealScriptTest {
    private static final Path ROOT = Path.of(System.getProperty("teal.root"));

    @TempDir
    Path directory;

    @Test
    void givenJavaHomeIsAJdk25ItIsUsed() throws Exception {
        Path jdk = jdk("somewhere/jdk", "25.0.1");

        assertThat(run(Map.of("JAVA_HOME", jdk.toString(), "TEAL_JDKS", ""))).isEqualTo(new Result(0, jdk.toString()));
    }

    @Test
    void givenJavaHomeIsAnotherVersionTheUsualPlacesAreSearched() throws Exception {
        Path old = jdk("old", "21.0.2");
        Path jdk = jdk("jvms/temurin-25", "25");
        jdk("jvms/a-jdk-17", "17.0.9");

        Result found = run(
                Map.of("JAVA_HOME", old.toString(), "TEAL_JDKS", jdk.getParent().toString()));

        assertThat(found).isEqualTo(new Result(0, jdk.toString()));
    }

    @Test
    void givenARuntimeWithoutACompilerItIsNotTaken() throws Exception {
        Path runtime = jdk("jvms/jre-25", "25.0.1");
        Files.delete(runtime.resolve("bin/javac"));

        assertThat(run(Map.of("JAVA_HOME", runtime.toString(), "TEAL_JDKS", "")).exitCode())
                .isEqualTo(2);
    }

    @Test
    void givenNoneItSaysWhatToDo() throws Exception {
        Result none = run(Map.of("TEAL_JDKS", directory.toString()));

        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.output()).contains("Teal needs a JDK 25").contains("JAVA_HOME=");
    }

    @Test
    void givenNoTasksetTheBenchmarkSaysWhatToInstall() throws Exception {
        Path jdk = jdk("jdk", "25");

        Result refused = run(Map.of("JAVA_HOME", jdk.toString()), "bench", "worker");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.output()).contains("taskset").contains("apt-get install util-linux");
    }

    @Test
    void givenNoNpmTheModelsThatAreMissingAreAskedFor() throws Exception {
        Path cache = directory.resolve("models");

        Result refused = run(Map.of("TEAL_MODELS", cache.toString()), "models");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.output()).contains("apt-get install npm");
        assertThat(cache).isEmptyDirectory();
    }

    /** Whether it is a build machine that has nothing but a JDK, or one where nothing is missing: then all the tests are run. */
    @ParameterizedTest
    @CsvSource({
        "'', 'apt-get update apt-get install -y --no-install-recommends maven git curl npm findutils tar gzip procps'",
        "'mvn git curl npm find tar gzip kill unshare setsid mount', 'mvn -B verify'"
    })
    void givenABuildMachineWhatIsMissingIsInstalledThenAllIsTested(String there, String first) throws Exception {
        Path journal = directory.resolve("journal");
        Path models = Files.createDirectories(directory.resolve("models"));
        for (String model : Files.readAllLines(ROOT.resolve("protocol/src/test/resources/packaged-models.txt"))) {
            Files.write(models.resolve(model.substring(model.lastIndexOf('/') + 1)), new byte[0]);
        }
        for (String tool : (there + " apt-get").strip().split(" ")) {
            script(pathWithoutJava().resolve(tool), "echo " + tool + " \"$@\" >>" + journal);
        }
        // What apt-get would bring: maven is what the tests cannot do without
        script(
                pathWithoutJava().resolve("apt-get"),
                "echo apt-get \"$@\" >>" + journal + "; ln -sf /bin/true "
                        + pathWithoutJava().resolve("mvn"));
        script(pathWithoutJava().resolve("sudo"), "exec \"$@\"");
        for (String tool : new String[] {"id", "ln", "bash"}) {
            link(pathWithoutJava(), tool);
        }

        Result ended = start(
                Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "TEAL_MODELS", models.toString()),
                ROOT.resolve(".ci/run"));

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(String.join(" ", Files.readAllLines(journal))).startsWith(first);
    }

    @Test
    void givenTheTrainingOfWorkersIsInterruptedItIsTriedAgain() throws Exception {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.copy(ROOT.resolve("teal"), root.resolve("teal"));
        for (String program : new String[] {"inference-worker", "fleet", "gateway", "platform-api", "cli"}) {
            Files.createDirectories(root.resolve(program).resolve("target"));
            Files.createFile(root.resolve(program + "/target/" + program + ".jar"));
        }
        Files.createFile(root.resolve("pom.xml"));
        Files.createDirectories(root.resolve("target"));
        Files.createFile(root.resolve("target/teal-built"));
        Path home = directory.resolve("home");
        Path began = directory.resolve("began");
        Path jdk = jdk("jdk", "25");
        script(
                jdk.resolve("bin/java"),
                "case \"$*\" in *--train*) echo x >>" + began + "; [ -e " + began
                        + ".short ] || exec sleep 60 ;; esac");
        Map<String, String> environment =
                Map.of("JAVA_HOME", jdk.toString(), "PATH", System.getenv("PATH"), "TEAL_HOME", home.toString());

        Process interrupted = process(environment, root.resolve("teal"), "up").start();
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(began));
        interrupted.destroy();
        assertThat(interrupted.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Files.createFile(Path.of(began + ".short"));
        Result again = start(environment, root.resolve("teal"), "up");
        Result third = start(environment, root.resolve("teal"), "up");

        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(third.exitCode()).as(third.output()).isZero();
        assertThat(Files.readAllLines(began)).hasSize(2);
        assertThat(root.resolve("inference-worker/target/prepared")).isDirectory();
    }

    private static void script(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Result(int exitCode, String output) {}

    private Result run(Map<String, String> environment) throws IOException, InterruptedException {
        return run(environment, "jdk");
    }

    private Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return start(environment, ROOT.resolve("teal"), arguments);
    }

    private Result start(Map<String, String> environment, Path script, String... arguments)
            throws IOException, InterruptedException {
        Process process = process(environment, script, arguments).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return new Result(process.waitFor(), output);
    }

    private ProcessBuilder process(Map<String, String> environment, Path script, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", pathWithoutJava().toString());
        builder.environment().putAll(environment);
        return builder;
    }

    private Path pathWithoutJava() throws IOException {
        Path tools = directory.resolve("tools");
        if (Files.notExists(tools)) {
            Files.createDirectories(tools);
            for (String tool : new String[] {"dirname", "readlink", "grep", "mkdir", "mktemp", "rm"}) {
                link(tools, tool);
            }
        }
        return tools;
    }

    private static void link(Path tools, String tool) throws IOException {
        Path program = Path.of("/usr/bin", tool);
        Files.createSymbolicLink(tools.resolve(tool), Files.exists(program) ? program : Path.of("/bin", tool));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        for (String program : new String[] {"java", "javac"}) {
            Path file = Files.writeString(home.resolve("bin").resolve(program), "#!/bin/sh\nexit 1\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
