package dev.teal.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
    private final List<Exchange> exchanges = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpConnection(exchanges::add));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void whatWaitsForTheAnswerAheadIsBoundedInBytes() {
        send(0);
        for (int i = 0; i < 4; i++) {
            send(250_000);
        }
        assertThat(channel.config().isAutoRead()).isTrue();

        send(250_000);

        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(exchanges).hasSize(1);

        answer(0);
        assertThat(channel.config().isAutoRead()).isTrue();
        for (int i = 1; i < 6; i++) {
            answer(i);
        }
        assertThat(exchanges).hasSize(6).allMatch(Exchange::isPast);
    }

    @Test
    void whatWaitsForTheAnswerAheadIsBoundedInPieces() {
        send(0);
        for (int i = 0; i < 63; i++) {
            send(1);
        }
        assertThat(channel.config().isAutoRead()).isTrue();

        send(1);

        assertThat(channel.config().isAutoRead()).isFalse();
        answer(0);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void givenMemoryRunsOutAtARequestItsConnectionEndsAndItIsTold() throws InterruptedException {
        OutOfMemoryError error = new OutOfMemoryError("for an answer");
        List<Throwable> told = new ArrayList<>();

        Thread network = Thread.ofPlatform()
                .uncaughtExceptionHandler((_, heard) -> told.add(heard))
                .start(() -> {
                    EmbeddedChannel exhausted = new EmbeddedChannel(new HttpConnection(_ -> {
                        throw error;
                    }));
                    exhausted.writeInbound(new DefaultFullHttpRequest(
                            HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER));
                    assertThat(exhausted.isOpen()).isFalse();
                });
        network.join();

        assertThat(told).containsExactly(error);
    }

    private void send(int bytes) {
        channel.writeInbound(new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(new byte[bytes])));
    }

    private void answer(int index) {
        exchanges.get(index).respond(HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER, null);
        channel.runPendingTasks();
    }
}
