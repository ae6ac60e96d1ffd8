package dev.teal.fleet.worker;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

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
        if (isOf(jar, prepared.resolve("worker.aot"))) {
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

    /** The JVM takes a cache of an earlier build's classes for this one's without a word: so it must be the younger file. */
    private static boolean isOf(Path jar, Path cache) {
        File[] libraries = jar.resolveSibling("lib").toFile().listFiles();
        long newest = Stream.concat(
                        Stream.of(jar.toFile()), libraries == null ? Stream.empty() : Arrays.stream(libraries))
                .mapToLong(File::lastModified)
                .max()
                .orElse(0);
        return Files.isRegularFile(cache) && cache.toFile().lastModified() >= newest;
    }

    static void keepNeeded(Map<String, String> environment) {
        environment.keySet().retainAll(KEPT);
        // glibc gives each new thread memory of its own to allocate from, and what a model leaves in it stays: after
        // some loads and unloads
        // 130 MB instead of 18, measured
        environment.put("MALLOC_ARENA_MAX", "2");
    }
}
