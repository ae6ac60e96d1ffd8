package dev.teal.gateway.fake;

import dev.teal.protocol.Refusal;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.cell.WorkerAddress;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A worker that does as it is told, over a Unix socket or TCP. Its answer names its digest and echoes the request. */
public final class FakeWorker implements AutoCloseable {
    private final String id;
    private final String environment;
    private final String digest;
    private final String address;
    private final int concurrency;
    private final DisposableServer server;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Queue<Map<String, String>> heads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Function<String, Act> script = _ -> new Act.Answer(200);
    private final Queue<byte[]> bodies = new ConcurrentLinkedQueue<>();
    private volatile int readiness = 200;
    private volatile int rows = 1;
    private volatile boolean killed;
    private volatile Mono<String> statistics = Mono.just("{\"model_stats\":[]}");

    /** What to do with a request. */
    public sealed interface Act {
        record Answer(int status) implements Act {}

        record AnswerLater(Mono<?> until) implements Act {}

        record Refuse(Refusal refusal) implements Act {}

        record AnswerAs(String digest) implements Act {}

        /** Break the connection after the request has been read. */
        record Die() implements Act {}

        /** Break all connections, as a process does that dies and is there again. */
        record DieWithAll() implements Act {}

        /** Break off within the response. */
        record Tear() implements Act {}

        record Hang() implements Act {}

        /** These bytes, under these headers. */
        record AnswerBytes(int status, Map<String, String> head, byte[] body) implements Act {}

        /** These bytes as they come, without a word on how many. */
        record AnswerUnannounced(Flux<byte[]> body) implements Act {}
    }

    private FakeWorker(String id, String environment, String digest, int concurrency, SocketAddress bind) {
        this.id = id;
        this.environment = environment;
        this.digest = digest;
        this.concurrency = concurrency;
        this.server = HttpServer.create()
                .bindAddress(() -> bind)
                .doOnConnection(connection -> {
                    connections.add(connection);
                    connection.onDispose(() -> connections.remove(connection));
                    if (killed) {
                        connection.dispose();
                    }
                })
                .handle(this::handle)
                .bindNow(Duration.ofSeconds(10));
        this.address = bind instanceof DomainSocketAddress unix
                ? "unix:" + unix.path()
                : "http://127.0.0.1:" + ((InetSocketAddress) server.address()).getPort();
    }

    public static FakeWorker unix(Path directory, String id, String environment, String digest, int concurrency) {
        return new FakeWorker(
                id,
                environment,
                digest,
                concurrency,
                new DomainSocketAddress(directory.resolve(id + ".sock").toString()));
    }

    public static FakeWorker tcp(String id, String environment, String digest, int concurrency) {
        return new FakeWorker(id, environment, digest, concurrency, new InetSocketAddress("127.0.0.1", 0));
    }

    public FakeWorker script(Function<String, Act> script) {
        this.script = script;
        return this;
    }

    public FakeWorker readiness(int status) {
        this.readiness = status;
        return this;
    }

    /** It is to compute so many together. */
    public FakeWorker rows(int together) {
        this.rows = together;
        return this;
    }

    /** What it tells of itself, when it does. */
    public FakeWorker statistics(Mono<String> json) {
        this.statistics = json;
        return this;
    }

    /** Bodies of the requests so far. */
    public Queue<byte[]> bodies() {
        return bodies;
    }

    public WorkerAddress address() {
        return new WorkerAddress(id, environment, digest, address, concurrency, rows);
    }

    public int requests() {
        return requests.get();
    }

    public int mostAtOnce() {
        return mostAtOnce.get();
    }

    public int connections() {
        return connections.size();
    }

    /** Headers of the requests so far. */
    public Queue<Map<String, String>> heads() {
        return heads;
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        if (request.uri().endsWith("/health/ready")) {
            return response.status(readiness).header(TealHeaders.DIGEST, digest).send();
        }
        if (request.uri().endsWith("/stats")) {
            return response.header(TealHeaders.DIGEST, digest).sendString(statistics);
        }
        requests.incrementAndGet();
        Map<String, String> head = new ConcurrentHashMap<>();
        request.requestHeaders().forEach(entry -> head.put(entry.getKey().toLowerCase(), entry.getValue()));
        head.put(":path", request.uri());
        heads.add(head);
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .doOnNext(bodies::add)
                .flatMap(body -> act(response, new String(body, StandardCharsets.UTF_8)))
                .doFinally(_ -> atOnce.decrementAndGet());
    }

    private Mono<Void> act(HttpServerResponse response, String body) {
        return switch (script.apply(body)) {
            case Act.Answer(var status) -> answer(response, status, digest, body);
            case Act.AnswerLater(var until) -> until.then(Mono.defer(() -> answer(response, 200, digest, body)));
            case Act.AnswerAs(var other) -> answer(response, 200, other, body);
            case Act.Refuse(var refusal) ->
                response.status(503)
                        .header(TealHeaders.REFUSED, refusal.headerValue())
                        .send()
                        .then();
            case Act.Die _ -> Mono.<Void>never().doOnSubscribe(_ -> response.withConnection(Connection::dispose));
            case Act.DieWithAll _ -> Mono.<Void>never().doOnSubscribe(_ -> connections.forEach(Connection::dispose));
            case Act.Tear _ ->
                response.status(200)
                        .header("Content-Length", "1000")
                        .header(TealHeaders.DIGEST, digest)
                        .sendString(Flux.concat(Mono.just("half"), Mono.error(new IllegalStateException("torn"))))
                        .then();
            case Act.Hang _ -> Mono.never();
            case Act.AnswerBytes(var status, var head, var bytes) -> {
                head.forEach(response::header);
                yield response.status(status)
                        .header("Content-Length", Integer.toString(bytes.length))
                        .header(TealHeaders.DIGEST, digest)
                        .sendByteArray(Mono.just(bytes))
                        .then();
            }
            case Act.AnswerUnannounced(var bytes) ->
                response.header(TealHeaders.DIGEST, digest).sendByteArray(bytes).then();
        };
    }

    private static Mono<Void> answer(HttpServerResponse response, int status, String digest, String body) {
        byte[] bytes = ("{\"from\":\"" + digest + "\",\"echo\":" + (body.startsWith("{") ? body : "\"" + body + "\"")
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
        return response.status(status)
                .header("Content-Type", "application/json")
                .header("Content-Length", Integer.toString(bytes.length))
                .header(TealHeaders.DIGEST, digest)
                .sendByteArray(Mono.just(bytes))
                .then();
    }

    /** As after kill -9: nobody listens, and all connections are gone, also one that was just being accepted. */
    public void kill() {
        killed = true;
        server.disposeNow(Duration.ofSeconds(10));
        connections.forEach(Connection::dispose);
    }

    @Override
    public void close() {
        kill();
    }
}
