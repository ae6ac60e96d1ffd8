package dev.teal.fleet.worker;

import dev.teal.protocol.Json;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.DrainRequest;
import dev.teal.protocol.worker.WorkerStatus;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A worker's control calls over its Unix socket. */
final class ControlSocket implements WorkerControl {

    private static final byte[] NOTHING = {};
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int CONFLICT = 409;
    /** The worker holds a poll for up to 20 s. */
    private static final long POLL_MILLIS = 20_000;

    private final UnixHttp http;
    private final Path socket;
    private final long limitMillis;

    /** @param limit for calls that are answered at once */
    ControlSocket(UnixHttp http, Path socket, Duration limit) {
        this.http = http;
        this.socket = socket;
        this.limitMillis = limit.toMillis();
    }

    @Override
    public CompletableFuture<WorkerStatus> status(long after) {
        return http.send(socket, HttpMethod.GET, "/worker/v1/status?after=" + after, NOTHING, POLL_MILLIS + limitMillis)
                .thenApply(answer -> {
                    if (answer.status() != OK) {
                        throw new CompletionException(unexpected("status", answer));
                    }
                    return Json.MAPPER.readValue(answer.body(), WorkerStatus.class);
                });
    }

    @Override
    public CompletableFuture<Boolean> health() {
        return http.send(socket, HttpMethod.GET, "/health", NOTHING, limitMillis)
                .thenApply(answer -> answer.status() == OK);
    }

    @Override
    public boolean assign(Assignment assignment) throws IOException {
        return accepted("assignment", post("/worker/v1/assignment", Json.MAPPER.writeValueAsBytes(assignment)));
    }

    @Override
    public boolean drain(DrainRequest request) throws IOException {
        return accepted("drain", post("/worker/v1/drain", Json.MAPPER.writeValueAsBytes(request)));
    }

    @Override
    public void stop() throws IOException {
        accepted("stop", post("/worker/v1/stop", NOTHING));
    }

    @Override
    public String metrics() throws IOException {
        UnixHttp.Answer answer = await(http.send(socket, HttpMethod.GET, "/metrics", NOTHING, limitMillis));
        if (answer.status() != OK) {
            throw unexpected("metrics", answer);
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private UnixHttp.Answer post(String path, byte[] body) throws IOException {
        return await(http.send(socket, HttpMethod.POST, path, body, limitMillis));
    }

    private static boolean accepted(String call, UnixHttp.Answer answer) throws IOException {
        return switch (answer.status()) {
            case OK, ACCEPTED -> true;
            case CONFLICT -> false;
            default -> throw unexpected(call, answer);
        };
    }

    private static IOException unexpected(String call, UnixHttp.Answer answer) {
        return new IOException("worker answered " + answer.status() + " to " + call);
    }

    private static UnixHttp.Answer await(CompletableFuture<UnixHttp.Answer> answer) throws IOException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while asking a worker");
        }
    }
}
