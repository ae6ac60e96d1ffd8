package dev.teal.gateway.workers;

import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.answer.Pieces;
import dev.teal.protocol.Refusal;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.cell.WorkerAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** The connections to one worker. How many requests it gets at once is decided before: the pool never makes one wait. */
final class WorkerClient {
    private static final String UNIX = "unix:";
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(250);
    /** Health checks go beside requests, and a connection whose request was cancelled closes a little later. */
    private static final int SPARE_CONNECTIONS = 16;

    private static final List<String> PASSED_BACK = List.of(
            "Content-Type",
            "Content-Encoding",
            "Inference-Header-Content-Length",
            "Vary",
            "Accept-Encoding",
            "Retry-After");
    /** Of what is asked beside inference. */
    private static final Duration SIDE_TIMEOUT = Duration.ofSeconds(1);

    private static final long SIDE_LIMIT_BYTES = 1024 * 1024;

    private final ConnectionProvider pool;
    private final HttpClient http;
    private final long responseLimitBytes;

    WorkerClient(WorkerAddress worker, int requestsAtOnce, WorkerConnections.Settings settings, LoopResources loops) {
        this.responseLimitBytes = settings.responseLimitBytes();
        this.pool = ConnectionProvider.builder("worker")
                .maxConnections(requestsAtOnce + SPARE_CONNECTIONS)
                .pendingAcquireMaxCount(requestsAtOnce + SPARE_CONNECTIONS)
                .pendingAcquireTimeout(Duration.ofSeconds(5))
                .maxIdleTime(settings.idleTime())
                .lifo()
                .build();
        SocketAddress address = addressOf(worker.address());
        this.http = HttpClient.create(pool)
                .remoteAddress(() -> address)
                .runOn(loops, true)
                .disableRetry(true)
                .httpResponseDecoder(spec -> spec.maxHeaderSize(16 * 1024))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis());
    }

    private static SocketAddress addressOf(String address) {
        if (address.startsWith(UNIX)) {
            return new DomainSocketAddress(address.substring(UNIX.length()));
        }
        URI uri = URI.create(address);
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    /** How far a call has come, so that its error can be told apart. */
    private static final class Progress {
        private volatile boolean sent;
        private volatile boolean answering;

        WorkerReply failed(Throwable problem, long responseLimitBytes) {
            if (problem instanceof ResponseBytes.TooLarge large) {
                return new WorkerReply.Oversized(large.atLeastBytes(), responseLimitBytes);
            }
            if (problem instanceof ResponseBytes.NoMemory) {
                return new WorkerReply.NoMemory();
            }
            String reason = problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
            if (answering) {
                return new WorkerReply.Broken(reason);
            }
            return sent ? new WorkerReply.Died(reason) : new WorkerReply.NotReached(reason);
        }
    }

    Mono<WorkerReply> infer(InferRequest request, AnswerMemory.Hold hold, long deadlineMillis, long waitedMillis) {
        Progress progress = new Progress();
        return http.post()
                .uri(request.path())
                .send((head, out) -> {
                    progress.sent = true;
                    writeHead(head.requestHeaders(), request, deadlineMillis, waitedMillis);
                    return out.send(Mono.just(Unpooled.wrappedBuffer(request.body())));
                })
                .response((response, body) -> {
                    progress.answering = true;
                    return read(request.digest(), hold, response, body);
                })
                .single()
                .onErrorResume(problem -> Mono.just(progress.failed(problem, responseLimitBytes)));
    }

    private static void writeHead(HttpHeaders head, InferRequest request, long deadlineMillis, long waitedMillis) {
        head.set(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
        request.passed().forEach(head::set);
        head.set(TealHeaders.DIGEST, request.digest());
        head.set(TealHeaders.GENERATION, Long.toString(request.generation()));
        head.set(TealHeaders.DEADLINE_MILLIS, Long.toString(deadlineMillis));
        if (waitedMillis > 0) {
            head.set(TealHeaders.WAITED_MILLIS, Long.toString(waitedMillis));
        }
        head.set("traceparent", request.traceparent());
        if (request.tracestate() != null) {
            head.set("tracestate", request.tracestate());
        }
    }

    private Mono<WorkerReply> read(
            String digest, AnswerMemory.Hold hold, HttpClientResponse response, Flux<ByteBuf> body) {
        HttpHeaders head = response.responseHeaders();
        String refused = head.get(TealHeaders.REFUSED);
        int status = response.status().code();
        if (status == 503 && refused != null) {
            Refusal refusal = Refusal.of(refused).orElse(Refusal.SATURATED);
            return body.then(Mono.just(new WorkerReply.Refused(refusal)));
        }
        String answering = head.get(TealHeaders.DIGEST);
        if (answering != null && !answering.equals(digest)) {
            return body.then(Mono.just(new WorkerReply.Refused(Refusal.WRONG_DIGEST)));
        }
        Map<String, String> passed = passedBack(head);
        return gathered(response, body, responseLimitBytes, hold::take)
                .map(pieces -> new WorkerReply.Answered(status, passed, pieces));
    }

    private static Mono<Pieces> gathered(
            HttpClientResponse response, Flux<ByteBuf> body, long limitBytes, LongPredicate memory) {
        String announced = response.responseHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        long announcedBytes = announced == null ? -1 : Long.parseLong(announced);
        return body.collect(() -> new ResponseBytes(announcedBytes, limitBytes, memory), ResponseBytes::add)
                .map(ResponseBytes::all);
    }

    private static Map<String, String> passedBack(HttpHeaders head) {
        Map<String, String> passed = new HashMap<>();
        for (String name : PASSED_BACK) {
            String value = head.get(name);
            if (value != null) {
                passed.put(name, value);
            }
        }
        return passed;
    }

    /** What a worker that runs this digest answers to a GET with 200; empty where it does not, or not in time. */
    Mono<byte[]> get(String path, String digest) {
        return http.responseTimeout(SIDE_TIMEOUT)
                .headers(head -> head.set(TealHeaders.DIGEST, digest))
                .get()
                .uri(path)
                .response((response, body) -> judge(digest, response).isEmpty()
                        ? gathered(response, body, SIDE_LIMIT_BYTES, _ -> true).map(Pieces::joined)
                        : body.then(Mono.<byte[]>empty()))
                .next()
                .onErrorResume(_ -> Mono.empty());
    }

    /** Whether the worker says, here and now, that it is ready with this digest. @return the reason why not, or empty text */
    Mono<String> check(String digest) {
        return http.headers(head -> head.set(TealHeaders.DIGEST, digest))
                .get()
                .uri("/v2/health/ready")
                .response((response, body) -> body.then(Mono.just(judge(digest, response))))
                .single()
                .onErrorResume(problem -> Mono.just("worker cannot be reached: " + problem.getMessage()));
    }

    private static String judge(String digest, HttpClientResponse response) {
        int status = response.status().code();
        String answering = response.responseHeaders().get(TealHeaders.DIGEST);
        if (status != 200) {
            String refused = response.responseHeaders().get(TealHeaders.REFUSED);
            return "worker answers its readiness check with " + status + (refused == null ? "" : " " + refused);
        }
        return answering != null && !answering.equals(digest) ? "worker runs " + answering : "";
    }

    void close() {
        pool.disposeLater().subscribe(null, _ -> {});
    }
}
