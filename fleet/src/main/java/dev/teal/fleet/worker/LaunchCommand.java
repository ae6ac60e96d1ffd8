package dev.teal.fleet.worker;

import dev.teal.protocol.worker.WorkerLaunch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command that starts a worker of this fleet. */
record LaunchCommand(WorkerProperties properties, Path socketDirectory, Path optimisedDirectory) {

    /** All that a worker may see of the fleet's environment: no secrets pass by accident. */
    private static final Set<String> KEPT = Set.of("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH");

    List<String> of(String id) {
        WorkerLaunch launch =
                new WorkerLaunch(properties.javaCommand(), properties.jar().toAbsolutePath());
        List<String> jvm = new ArrayList<>(List.of("-Xmx" + properties.heap().toMegabytes() + "m"));
        jvm.addAll(properties.javaOptions());
        List<String> command = launch.command(jvm);
        command.addAll(List.of("--id", id, "--directory", socketDirectory.toString()));
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
        environment.putAll(WorkerLaunch.ENVIRONMENT);
    }
}
