package dev.teal.fleet.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command that starts a worker. What was prepared beside the jar (AOT cache, extracted native libraries) makes the start short. */
record LaunchCommand(WorkerProperties properties, Path socketDirectory, Path optimisedDirectory) {

    /** All that a worker may see of the fleet's environment: no secrets pass by accident. */
    private static final Set<String> KEPT = Set.of("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH");

    List<String> of(String id) {
        Path jar = properties.jar().toAbsolutePath();
        Path prepared = jar.resolveSibling("prepared");
        List<String> command = new ArrayList<>();
        command.add(properties.javaCommand().toString());
        Path options = jar.resolveSibling("worker.options");
        if (Files.isRegularFile(options)) {
            command.add("@" + options);
        }
        command.add("-Xmx" + properties.heap().toMegabytes() + "m");
        if (Files.isRegularFile(prepared.resolve("worker.aot"))) {
            command.add("-XX:AOTCache=" + prepared.resolve("worker.aot"));
        }
        if (Files.isDirectory(prepared.resolve("native"))) {
            command.add("-Donnxruntime.native.path=" + prepared.resolve("native"));
        }
        command.addAll(properties.javaOptions());
        command.addAll(List.of("-jar", jar.toString(), "--id", id, "--directory", socketDirectory.toString()));
        command.addAll(List.of(
                "--memory-limit-bytes",
                Long.toString(properties.memoryLimitBytes()),
                "--prove-limit-millis",
                Long.toString(properties.ownProveMillis()),
                "--cache",
                optimisedDirectory.toString()));
        return command;
    }

    static void keepNeeded(Map<String, String> environment) {
        environment.keySet().retainAll(KEPT);
    }
}
