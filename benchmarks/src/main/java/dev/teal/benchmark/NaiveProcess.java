package dev.teal.benchmark;

import dev.teal.benchmark.naive.NaiveServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@link NaiveServer} on the servers' core. */
final class NaiveProcess implements AutoCloseable {
    private final PinnedProcess process;
    private final Path model;
    private final int port;

    private NaiveProcess(PinnedProcess process, Path model, int port) {
        this.process = process;
        this.model = model;
        this.port = port;
    }

    static NaiveProcess start(BenchmarkModel model, Path log) throws IOException {
        Path file = Files.write(Files.createTempFile("naive", ".onnx"), model.bytes());
        PinnedProcess process = PinnedProcess.start(
                log,
                List.of(
                        PinnedProcess.java(),
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NaiveServer.class.getName(),
                        file.toString()));
        String line = process.output().readLine();
        if (line == null) {
            throw new IOException("the naive server did not start, see the log");
        }
        return new NaiveProcess(process, file, Integer.parseInt(line.strip()));
    }

    PinnedProcess process() {
        return process;
    }

    SocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() throws IOException {
        process.close();
        Files.deleteIfExists(model);
    }
}
