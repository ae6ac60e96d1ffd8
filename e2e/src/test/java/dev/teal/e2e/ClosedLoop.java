package dev.teal.e2e;

import dev.teal.protocol.Json;
import dev.teal.protocol.TealHeaders;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.core.JacksonException;

/** Clients that each ask, wait for the answer and ask again, until told to stop. Nothing is repeated: what a client sees is what counts. */
final class ClosedLoop implements AutoCloseable {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private final URI infer;
    private final FraudDetection model;
    private final Duration pause;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean stopped;

    /** @param pause of each client between an answer and its next request: zero for as fast as it goes */
    ClosedLoop(URI infer, FraudDetection model, int clients, Duration pause) {
        this.infer = infer;
        this.model = model;
        this.pause = pause;
        for (int client = 0; client < clients; client++) {
            int number = client;
            this.clients.add(Thread.ofPlatform().name("client-" + client).start(() -> run(number)));
        }
    }

    private void run(int client) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = client; !stopped; i += 7) {
                answers.add(ask(http, infer, model, client, i % model.rows()));
                answered.incrementAndGet();
                if (!pause.isZero()) {
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Answer ask(HttpClient http, URI infer, FraudDetection model, int client, int row)
            throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(infer)
                .timeout(REQUEST_TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(model.body(row)))
                .build();
        long started = System.nanoTime();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            long ended = System.nanoTime();
            if (response.statusCode() != 200) {
                return Answer.broken(client, started, ended, row, response.statusCode(), new String(response.body()));
            }
            return new Answer(
                    client,
                    started,
                    ended,
                    row,
                    200,
                    header(response, TealHeaders.COLOR),
                    header(response, TealHeaders.VERSION),
                    header(response, TealHeaders.DIGEST),
                    Long.parseLong(header(response, TealHeaders.GENERATION)),
                    FraudDetection.fraudOf(Json.MAPPER.readTree(response.body())),
                    "");
        } catch (IOException | JacksonException | NumberFormatException e) {
            return Answer.broken(client, started, System.nanoTime(), row, 0, e.toString());
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    long answered() {
        return answered.get();
    }

    /** Stops the clients after the answers that they wait for. @return all answers */
    List<Answer> stop() throws InterruptedException {
        stopped = true;
        for (Thread client : clients) {
            client.join();
        }
        return List.copyOf(answers);
    }

    /** Tells the clients to stop, on the way out of a test that failed. */
    @Override
    public void close() {
        stopped = true;
    }
}
