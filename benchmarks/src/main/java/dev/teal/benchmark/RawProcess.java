package dev.teal.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@link RawRuntime} on the servers' core. */
final class RawProcess implements AutoCloseable {
    private final PinnedProcess process;

    /** @param cpuMicros of one run */
    record Result(double perSecond, double cpuMicros) {}

    private RawProcess(PinnedProcess process) {
        this.process = process;
    }

    static RawProcess start(String model, Path log) throws IOException {
        return new RawProcess(PinnedProcess.start(
                log,
                List.of(
                        PinnedProcess.java(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RawRuntime.class.getName(),
                        model)));
    }

    Result run(Duration time) throws IOException {
        long before = process.cpuMicros();
        process.say(Long.toString(time.toMillis()));
        String line = process.output().readLine();
        if (line == null) {
            throw new IOException("raw ONNX Runtime ended, see the log");
        }
        String[] fields = line.split(" ");
        double runs = Double.parseDouble(fields[0]);
        return new Result(
                runs / (Double.parseDouble(fields[1]) / 1e9), (process.cpuMicros() - before) / Math.max(1, runs));
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
