package dev.teal.worker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NetworkLoopTest {
    private final CompletableFuture<Throwable> told = new CompletableFuture<>();
    private EventLoopGroup loop = NetworkLoop.group(NioIoHandler.newFactory());

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void listen() {
        loop.submit(() -> Thread.currentThread().setUncaughtExceptionHandler((_, error) -> told.complete(error)))
                .syncUninterruptibly();
    }

    private static void fail(String at) {
        throw new OutOfMemoryError(at);
    }

    @Test
    void givenMemoryRunsOutInATaskItIsToldAndTheLoopGoesOn() throws Exception {
        listen();

        loop.next().execute(() -> fail("a task"));

        assertThat(told.get(30, TimeUnit.SECONDS)).hasMessage("a task");
        assertThat(loop.submit(() -> 7).get(30, TimeUnit.SECONDS)).isEqualTo(7);
    }

    @Test
    void givenMemoryRunsOutInATimerItIsTold() throws Exception {
        listen();

        loop.next().schedule(() -> fail("a timer"), 1, TimeUnit.MILLISECONDS);

        assertThat(told.get(30, TimeUnit.SECONDS)).hasMessage("a timer");
    }

    @Test
    void givenATaskFailsOtherwiseNothingIsTold() {
        listen();

        loop.next().execute(() -> {
            throw new IllegalStateException("no matter of memory");
        });

        assertThat(loop.submit(() -> 7).syncUninterruptibly().getNow()).isEqualTo(7);
        assertThat(told).isNotDone();
    }

    @Test
    void givenTheLoopItselfFindsNoMemoryItIsTold() throws Exception {
        loop = NetworkLoop.group(_ -> new Exhausted());

        listen();

        assertThat(told.get(30, TimeUnit.SECONDS)).hasMessage("the loop");
        assertThat(loop.terminationFuture().await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Finds no memory for what has come from the network. */
    private static final class Exhausted implements IoHandler {
        @Override
        public int run(IoHandlerContext context) {
            if (context.canBlock()) {
                throw new OutOfMemoryError("the loop");
            }
            return 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException("nothing is connected");
        }

        @Override
        public void wakeup() {}

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return false;
        }
    }
}
