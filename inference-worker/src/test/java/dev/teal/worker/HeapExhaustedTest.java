package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections whose requests wait take more of Java's heap than there is: it is the network's thread that finds none left. */
class HeapExhaustedTest {
    private static final int MOST_CONNECTIONS = 200;
    private static final int WAITING_REQUESTS = 30;

    @TempDir
    Path directory;

    @Test
    void givenTheNetworkFindsNoMemoryTheWorkerEndsSayingSo() throws Exception {
        TestModel model = TestModel.identity(Datatype.FP32, -1);
        Path file = Files.write(directory.resolve("model.onnx"), model.bytes());
        List<UnixHttp> held = new ArrayList<>();
        try (WorkerProcess worker = new WorkerProcess(List.of("-Xmx24m"))) {
            assertThat(worker.prove(TestWorker.assignment(file, null, model.signature(), new RuntimeSettings(1, 1)))
                            .state())
                    .isEqualTo(WorkerState.READY);

            flood(worker, held);

            assertThat(worker.exit()).isEqualTo(WorkerExit.HEAP_EXHAUSTED.code());
        } finally {
            for (UnixHttp connection : held) {
                connection.close();
            }
        }
    }

    private static void flood(WorkerProcess worker, List<UnixHttp> held) {
        try {
            while (held.size() < MOST_CONNECTIONS && worker.process.isAlive()) {
                UnixHttp connection = new UnixHttp(worker.control());
                held.add(connection);
                connection.write(waiting());
            }
        } catch (IOException ended) {
            // Its own end is what is waited for
        }
    }

    /** A question that is answered once something changes, and others behind it, with as large a head as may be. */
    private static byte[] waiting() {
        String large = "GET /health HTTP/1.1\r\nHost: worker\r\nX-Large: " + "x".repeat(15_000) + "\r\n\r\n";
        return ("GET /worker/v1/status?after=1000 HTTP/1.1\r\nHost: worker\r\n\r\n" + large.repeat(WAITING_REQUESTS))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
