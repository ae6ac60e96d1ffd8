package dev.teal.gateway.fake;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.cell.WorkerAddress;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A worker that takes gRPC messages in HTTP bodies, and gives back what it got. */
public final class MessageWorker implements AutoCloseable {
    private final WorkerAddress address;
    private final DisposableServer server;
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final Queue<String> deadlines = new ConcurrentLinkedQueue<>();
    private volatile Function<ModelInferRequest, Mono<?>> pace = _ -> Mono.empty();
    private volatile int status = 200;

    public MessageWorker(Path directory, String id, String environment, String digest, int concurrency) {
        DomainSocketAddress socket =
                new DomainSocketAddress(directory.resolve(id + ".sock").toString());
        this.address = new WorkerAddress(id, environment, digest, "unix:" + socket.path(), concurrency, 1);
        this.server = HttpServer.create()
                .bindAddress(() -> socket)
                .handle(this::handle)
                .bindNow(Duration.ofSeconds(10));
    }

    /** Answers come when this has ended. */
    public MessageWorker pace(Function<ModelInferRequest, Mono<?>> until) {
        pace = until;
        return this;
    }

    public MessageWorker status(int answered) {
        status = answered;
        return this;
    }

    public WorkerAddress address() {
        return address;
    }

    public int atOnce() {
        return atOnce.get();
    }

    public int cancelled() {
        return cancelled.get();
    }

    public Queue<String> deadlines() {
        return deadlines;
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        if (!"application/vnd.teal.infer+protobuf"
                .equals(request.requestHeaders().get("Content-Type"))) {
            return response.status(415).send();
        }
        deadlines.add(request.requestHeaders().get(TealHeaders.DEADLINE_MILLIS));
        atOnce.incrementAndGet();
        return request.receive()
                .aggregate()
                .asByteArray()
                .flatMap(body -> answer(response, body))
                .doOnCancel(cancelled::incrementAndGet)
                .doFinally(_ -> atOnce.decrementAndGet());
    }

    private Mono<Void> answer(HttpServerResponse response, byte[] body) {
        ModelInferRequest asked;
        try {
            asked = ModelInferRequest.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            return response.status(400).send().then();
        }
        byte[] bytes = status == 200
                ? ModelInferResponse.newBuilder()
                        .setModelName(asked.getModelName())
                        .setId(asked.getId())
                        .addAllRawOutputContents(asked.getRawInputContentsList())
                        .build()
                        .toByteArray()
                : "{\"error\":\"the model failed: why\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return pace.apply(asked)
                .then(response.status(status)
                        .header("Content-Length", Integer.toString(bytes.length))
                        .header(TealHeaders.DIGEST, address.digest())
                        .sendByteArray(Mono.just(bytes))
                        .then());
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(10));
    }
}
