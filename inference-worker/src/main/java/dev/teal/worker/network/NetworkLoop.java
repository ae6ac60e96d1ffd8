package dev.teal.worker.network;

import dev.teal.worker.life.Exhaustion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of the network. Netty keeps errors to itself: those of tasks and of the loop are told here, those of handlers and listeners by
 * whoever is the last to get them.
 */
public final class NetworkLoop extends SingleThreadIoEventLoop {
    private NetworkLoop(IoEventLoopGroup group, Executor executor, IoHandlerFactory io) {
        super(group, executor, io);
    }

    public static EventLoopGroup group(IoHandlerFactory io) {
        DefaultThreadFactory threads = new DefaultThreadFactory("network", Thread.MAX_PRIORITY);
        return new MultiThreadIoEventLoopGroup(1, threads, io) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory itsIo, Object... arguments) {
                return new NetworkLoop(this, executor, itsIo);
            }
        };
    }

    /** After an error of this kind the loop is no more. */
    @Override
    protected void run() {
        telling(super::run);
    }

    @Override
    public void execute(Runnable task) {
        super.execute(() -> telling(task));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return super.schedule(() -> telling(task), delay, unit);
    }

    /** Does a step whose errors would be heard of by nobody. */
    public static void telling(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            survived(e);
            throw e;
        }
    }

    /**
     * An error that ends a connection at most. That the network's own memory is taken is none: it is counted, and was refused before anything
     * was touched.
     */
    public static void survived(Throwable error) {
        if (!(Exhaustion.in(error) instanceof OutOfDirectMemoryError)) {
            Exhaustion.survived(error);
        }
    }
}
