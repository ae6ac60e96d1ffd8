package dev.teal.worker.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The process's one ONNX Runtime: its library and environment, which live as long as the process. */
public final class Onnx {
    private static final int LOG_FATAL_ONLY = 4;
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    /** ONNX Runtime 1.29.0 ends the process with a segmentation fault where its command line comes near 4,096 bytes. */
    private static final int MAX_COMMAND_LINE_BYTES = 3_500;

    private static final Map<String, String> MAPPED = Map.of(
            "session.load_model_format",
            "ORT",
            "session.use_memory_mapped_ort_model",
            "1",
            "session.use_ort_model_bytes_for_initializers",
            "1");

    private final OrtApi api;
    private final long environment;
    private final long allocator;
    private final long memoryInfo;

    private Onnx(OrtApi api) throws OnnxFailure {
        this.api = api;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            // Failures come back as values; a second telling on stderr would not be a structured line.
            api.check(api.call(
                    OrtApi.CREATE_ENV,
                    LOG_FATAL_ONLY,
                    arena.allocateFrom("teal").address(),
                    out.address()));
            this.environment = out.get(ValueLayout.JAVA_LONG, 0);
            api.check(api.call(OrtApi.DISABLE_TELEMETRY_EVENTS, environment));
            api.check(api.call(OrtApi.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS, out.address()));
            this.allocator = out.get(ValueLayout.JAVA_LONG, 0);
            api.check(api.call(OrtApi.CREATE_CPU_MEMORY_INFO, 0, 0, out.address()));
            this.memoryInfo = out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** @param directory where {@link NativeLibrary#extract} has put the library; null to unpack it for this process alone */
    public static Onnx start(@Nullable Path directory) throws IOException, OnnxFailure {
        requireShortCommandLine();
        if (directory != null) {
            return new Onnx(OrtApi.load(NativeLibrary.in(directory)));
        }
        Path own = Files.createTempDirectory("teal-onnx");
        Path library = NativeLibrary.extract(own);
        try {
            return new Onnx(OrtApi.load(library));
        } finally {
            // What is mapped stays mapped without a name, so nothing is left behind however this process ends.
            Files.delete(library);
            Files.delete(own);
        }
    }

    private static void requireShortCommandLine() throws IOException {
        if (Files.exists(COMMAND_LINE) && Files.readAllBytes(COMMAND_LINE).length > MAX_COMMAND_LINE_BYTES) {
            throw new IOException("the command line is longer than " + MAX_COMMAND_LINE_BYTES
                    + " bytes, which ONNX Runtime does not survive; use -jar, or the variable CLASSPATH");
        }
    }

    /** Why this runtime may not be what it was at the start; empty where nothing went wrong so far. */
    public Optional<String> doubt() {
        if (EndedRuns.ever()) {
            return Optional.of("a run was ended before its time");
        }
        return api.failed() ? Optional.of("ONNX Runtime has refused a call") : Optional.empty();
    }

    public String version() {
        return api.version();
    }

    /** @param threads within one run; there is no parallelism between nodes, and no thread spins while it waits */
    public OnnxSession open(Path model, int threads) throws OnnxFailure {
        return open(
                threads,
                Map.of(),
                (options, arena, out) ->
                        api.call(OrtApi.CREATE_SESSION, environment, path(arena, model), options, out));
    }

    /** The same, and leaves the model as it was optimised for this machine in {@code optimised}. */
    public OnnxSession openAndSave(Path model, int threads, Path optimised) throws OnnxFailure {
        return open(threads, Map.of("session.save_model_format", "ORT"), (options, arena, out) -> {
            api.check(api.call(OrtApi.SET_OPTIMIZED_MODEL_FILE_PATH, options, path(arena, optimised)));
            return api.call(OrtApi.CREATE_SESSION, environment, path(arena, model), options, out);
        });
    }

    /**
     * Opens what {@link #openAndSave} has left. Its weights are used where they lie in the file, so they are read when they are needed and
     * shared between processes; the file must not be changed before the session is closed, not even made longer or shorter.
     */
    public OnnxSession openOptimised(Path optimised, int threads) throws OnnxFailure {
        return open(
                threads,
                MAPPED,
                (options, arena, out) ->
                        api.call(OrtApi.CREATE_SESSION, environment, path(arena, optimised), options, out));
    }

    private static long path(Arena arena, Path file) {
        return arena.allocateFrom(file.toAbsolutePath().toString()).address();
    }

    /** Like {@link #open(Path, int)} of a model that is in memory. */
    public OnnxSession open(byte[] model, int threads) throws OnnxFailure {
        return open(
                threads,
                Map.of(),
                (options, arena, out) -> api.call(
                        OrtApi.CREATE_SESSION_FROM_ARRAY,
                        environment,
                        arena.allocateFrom(ValueLayout.JAVA_BYTE, model).address(),
                        model.length,
                        options,
                        out));
    }

    private interface Opening {
        long status(long options, Arena arena, long out) throws OnnxFailure;
    }

    private OnnxSession open(int threads, Map<String, String> settings, Opening opening) throws OnnxFailure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            api.check(api.call(OrtApi.CREATE_SESSION_OPTIONS, out.address()));
            long options = out.get(ValueLayout.JAVA_LONG, 0);
            try {
                api.check(api.call(OrtApi.SET_SESSION_EXECUTION_MODE, options, 0));
                api.check(api.call(OrtApi.SET_INTRA_OP_NUM_THREADS, options, threads));
                api.check(api.call(OrtApi.SET_INTER_OP_NUM_THREADS, options, 1));
                set(arena, options, "session.intra_op.allow_spinning", "0");
                set(arena, options, "session.inter_op.allow_spinning", "0");
                for (Map.Entry<String, String> setting : settings.entrySet()) {
                    set(arena, options, setting.getKey(), setting.getValue());
                }
                api.check(opening.status(options, arena, out.address()));
            } finally {
                api.call(OrtApi.RELEASE_SESSION_OPTIONS, options);
            }
            return OnnxSession.of(api, allocator, memoryInfo, out.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    private void set(Arena arena, long options, String key, String value) throws OnnxFailure {
        api.check(api.call(
                OrtApi.ADD_SESSION_CONFIG_ENTRY,
                options,
                arena.allocateFrom(key).address(),
                arena.allocateFrom(value).address()));
    }
}
