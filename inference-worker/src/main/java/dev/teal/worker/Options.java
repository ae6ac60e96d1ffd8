package dev.teal.worker;

import dev.teal.protocol.worker.ExitNote;
import dev.teal.worker.contain.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a worker is started.
 *
 * @param id names its sockets
 * @param directory of the sockets, mode 0700
 * @param nativeDirectory where ONNX Runtime's library has been extracted; null to unpack it for this process
 * @param cacheDirectory where models are kept as the runtime has optimised them; null to optimise at each load
 * @param maxBodyBytes of a request; the endpoint's own limit is the gateway's to hold
 * @param queueRequests that wait for the model at most
 * @param queueBytes of their bodies together
 * @param limits of the model's memory and time
 */
record Options(
        String id,
        Path directory,
        @Nullable Path nativeDirectory,
        @Nullable Path cacheDirectory,
        int maxBodyBytes,
        int queueRequests,
        long queueBytes,
        Limits limits) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** What the kernel keeps for a Unix socket's path, its closing zero left out. */
    private static final int MAX_SOCKET_PATH = 107;

    Options {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("--id must be 1 to 64 letters, digits, dots, dashes, got '" + id + "'");
        }
        String longest = directory.toAbsolutePath().resolve(id + ".sock").toString();
        if (longest.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH) {
            throw new IllegalArgumentException(
                    "a socket's path has " + MAX_SOCKET_PATH + " bytes at most, this is longer: " + longest);
        }
        if (maxBodyBytes < 1 || queueRequests < 1 || queueBytes < 1) {
            throw new IllegalArgumentException("limits must be 1 or more, got body=" + maxBodyBytes + " requests="
                    + queueRequests + " bytes=" + queueBytes);
        }
    }

    Path inferenceSocket() {
        return directory.toAbsolutePath().resolve(id + ".sock");
    }

    Path controlSocket() {
        return directory.toAbsolutePath().resolve(id + ".ctl");
    }

    /** Of the worker's own, while it waits; its name is no longer than the others'. */
    Path rehearsalSocket() {
        return directory.toAbsolutePath().resolve(id + ".try");
    }

    ExitNote exitNote() {
        return ExitNote.of(directory.toAbsolutePath(), id);
    }

    static Options parse(String... arguments) {
        String id = null;
        Path directory = null;
        String property = System.getProperty("onnxruntime.native.path");
        Path nativeDirectory = property == null ? null : Path.of(property);
        Path cacheDirectory = null;
        int maxBodyBytes = 256 << 20;
        int queueRequests = 1024;
        long queueBytes = 512L << 20;
        long memoryBytes = Limits.DEFAULT.memoryBytes();
        long proveMillis = Limits.DEFAULT.proveMillis();
        long graceMillis = Limits.DEFAULT.graceMillis();
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value");
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--id" -> id = value;
                case "--directory" -> directory = Path.of(value);
                case "--native" -> nativeDirectory = Path.of(value);
                case "--cache" -> cacheDirectory = Path.of(value);
                case "--max-body-bytes" -> maxBodyBytes = Integer.parseInt(value);
                case "--queue-requests" -> queueRequests = Integer.parseInt(value);
                case "--queue-bytes" -> queueBytes = Long.parseLong(value);
                case "--memory-limit-bytes" -> memoryBytes = Long.parseLong(value);
                case "--prove-limit-millis" -> proveMillis = Long.parseLong(value);
                case "--end-grace-millis" -> graceMillis = Long.parseLong(value);
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        if (id == null || directory == null) {
            throw new IllegalArgumentException("--id and --directory are needed");
        }
        return new Options(
                id,
                directory,
                nativeDirectory,
                cacheDirectory,
                maxBodyBytes,
                queueRequests,
                queueBytes,
                new Limits(memoryBytes, proveMillis, graceMillis));
    }
}
