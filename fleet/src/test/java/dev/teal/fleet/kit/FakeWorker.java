package dev.teal.fleet.kit;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.DrainRequest;
import dev.teal.protocol.worker.ExitNote;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerMemory;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A worker process that speaks the control protocol and computes nothing. What it does with an assignment stands in the artifact: {@code ready};
 * {@code fail=CODE}, {@code exit=NUMBER}, {@code die}, {@code hang}; {@code after=FILE} waits for a file before it does so, {@code quick} makes it go
 * before it has said that it drains. Files beside its sockets tell it what inference would: {@code ID.busy} is work in flight, {@code ID.crash} is a crash.
 */
public final class FakeWorker {

    private final String id;
    private final Path directory;
    private long revision = 1;
    private WorkerState state = WorkerState.UNASSIGNED;
    private Assignment assignment;
    private WorkerFailure failure;
    private volatile boolean quick;
    private long idleSinceNanos = System.nanoTime();

    private FakeWorker(String id, Path directory) {
        this.id = id;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        List<String> given = List.of(arguments);
        String id = given.get(given.indexOf("--id") + 1);
        Path directory = Path.of(given.get(given.indexOf("--directory") + 1));
        FakeWorker worker = new FakeWorker(id, directory);
        Thread.ofPlatform().start(worker::watch);
        worker.serve();
    }

    private void watch() {
        try {
            while (true) {
                if (Files.exists(directory.resolve(id + ".crash"))) {
                    Runtime.getRuntime().halt(134);
                }
                synchronized (this) {
                    if (Files.exists(directory.resolve(id + ".busy"))) {
                        idleSinceNanos = System.nanoTime();
                    } else if (state == WorkerState.DRAINING) {
                        Runtime.getRuntime().halt(0);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.resolve(id + ".ctl")));
            while (true) {
                SocketChannel connection = server.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            }
        }
    }

    private void answer(SocketChannel connection) {
        try (connection) {
            InputStream in = Channels.newInputStream(connection);
            String[] request = line(in).split(" ");
            int length = 0;
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).trim());
                }
            }
            byte[] body = in.readNBytes(length);
            respond(connection, request[0] + " " + request[1].replaceAll("\\?.*", ""), request[1], body);
        } catch (IOException e) {
            // The fleet gave this call up
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void respond(SocketChannel connection, String call, String uri, byte[] body)
            throws IOException, InterruptedException {
        switch (call) {
            case "GET /health" -> write(connection, 200, "ok");
            case "GET /metrics" -> write(connection, 200, "worker_fake{id=\"" + id + "\"} 1\n");
            case "GET /worker/v1/status" ->
                write(connection, 200, status(Long.parseLong(uri.replaceAll(".*after=", ""))));
            case "POST /worker/v1/assignment" ->
                write(connection, assign(Json.MAPPER.readValue(body, Assignment.class)) ? 202 : 409, "");
            case "POST /worker/v1/drain" ->
                write(connection, drain(Json.MAPPER.readValue(body, DrainRequest.class)) ? 200 : 409, "");
            case "POST /worker/v1/stop" -> {
                write(connection, 202, "");
                Runtime.getRuntime().halt(0);
            }
            default -> write(connection, 404, "");
        }
    }

    private synchronized String status(long after) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (revision == after && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
        }
        boolean ready = state == WorkerState.READY;
        return Json.MAPPER.writeValueAsString(new WorkerStatus(
                id,
                revision,
                state,
                busy() ? 1 : 0,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - idleSinceNanos),
                assignment == null ? null : assignment.environment(),
                assignment == null ? null : assignment.digest(),
                ready ? new WorkerMemory(50_000_000, 60_000_000, 70_000_000) : null,
                ready ? new ColdStart(0, 0, 1, 2, 3, 4, 10) : null,
                failure));
    }

    private synchronized boolean assign(Assignment given) {
        if (assignment != null) {
            return false;
        }
        assignment = given;
        become(WorkerState.LOADING);
        Thread.ofPlatform().start(this::prove);
        return true;
    }

    private void prove() {
        try {
            byte[] artifact = Files.readAllBytes(Path.of(assignment.artifactFile()));
            if (!Digests.of(artifact).equals(assignment.digest())) {
                fail(WorkerFailure.Code.DIGEST_MISMATCH);
                return;
            }
            for (String order : new String(artifact, StandardCharsets.UTF_8).split("\\s+")) {
                obey(order);
            }
        } catch (IOException e) {
            fail(WorkerFailure.Code.LOAD_FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void obey(String order) throws InterruptedException {
        if (order.startsWith("after=")) {
            while (!Files.exists(Path.of(order.substring(6)))) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } else if (order.startsWith("fail=")) {
            fail(WorkerFailure.Code.valueOf(order.substring(5)));
        } else if (order.startsWith("exit=")) {
            int code = Integer.parseInt(order.substring(5));
            WorkerExit.of(code).ifPresent(ExitNote.of(directory, id)::leave);
            Runtime.getRuntime().halt(code);
        } else if (order.equals("quick")) {
            quick = true;
        } else if (order.equals("die")) {
            Runtime.getRuntime().halt(139);
        } else if (order.equals("ready")) {
            become(WorkerState.READY);
        }
    }

    private synchronized void fail(WorkerFailure.Code code) {
        failure = new WorkerFailure(code, "the fake was told to fail with " + code);
        become(WorkerState.FAILED);
    }

    private synchronized void become(WorkerState next) {
        if (next == WorkerState.READY) {
            idleSinceNanos = System.nanoTime();
        }
        state = next;
        revision++;
        notifyAll();
    }

    private synchronized boolean drain(DrainRequest request) {
        long idle = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - idleSinceNanos);
        if (request.idleMillis() > 0 && (busy() || idle < request.idleMillis())) {
            return false;
        }
        if (quick) {
            Runtime.getRuntime().halt(0);
        }
        become(WorkerState.DRAINING);
        return true;
    }

    private boolean busy() {
        return Files.exists(directory.resolve(id + ".busy"));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("connection closed");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    private static void write(SocketChannel connection, int status, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "HTTP/1.1 " + status + " -\r\nContent-Length: " + content.length + "\r\nConnection: close\r\n\r\n";
        ByteBuffer answer = ByteBuffer.allocate(head.length() + content.length)
                .put(head.getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .flip();
        while (answer.hasRemaining()) {
            connection.write(answer);
        }
    }
}
