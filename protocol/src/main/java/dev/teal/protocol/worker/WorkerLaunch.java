package dev.teal.protocol.worker;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a worker's process is started, by whoever starts one. Of what the start wants, that is used which is there; without it the worker starts
 * just the same, only slower.
 *
 * @param java the command
 * @param jar absolute, with its {@code lib} beside it, and the JVM's options in {@code worker.options}
 * @param prepared where its training left what makes the start short: an AOT cache, and ONNX Runtime's library
 */
public record WorkerLaunch(Path java, Path jar, Path prepared) {
    /**
     * What a worker needs in its environment. glibc gives each new thread memory of its own to allocate from, and what a model leaves in it
     * stays: after some loads and unloads 130 MB instead of 18, measured.
     */
    public static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");

    /** Prepared where the build and {@code teal} do it. */
    public WorkerLaunch(Path java, Path jar) {
        this(java, jar, jar.resolveSibling("prepared"));
    }

    /** Up to the jar; the worker's own options follow. @param more options of the JVM, which win */
    public List<String> command(List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        Path options = jar.resolveSibling("worker.options");
        if (Files.isRegularFile(options)) {
            command.add("@" + options);
        }
        if (isPrepared()) {
            command.add("-XX:AOTCache=" + cache());
        }
        Path library = prepared.resolve("native");
        if (Files.isDirectory(library)) {
            command.add("-Donnxruntime.native.path=" + library);
        }
        command.addAll(more);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** The JVM takes a cache of an earlier build's classes for this one's without a word: so it must be the younger file. */
    public boolean isPrepared() {
        File[] libraries = jar.resolveSibling("lib").toFile().listFiles();
        long newest = Stream.concat(
                        Stream.of(jar.toFile()), libraries == null ? Stream.empty() : Arrays.stream(libraries))
                .mapToLong(File::lastModified)
                .max()
                .orElse(0);
        return Files.isRegularFile(cache()) && cache().toFile().lastModified() >= newest;
    }

    private Path cache() {
        return prepared.resolve("worker.aot");
    }
}
