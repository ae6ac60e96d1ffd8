package dev.teal.gateway.admission;

import dev.teal.gateway.timing.Timers;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Reads a body once into one array, counting while it comes: over its own limit or the process's memory nothing more is kept. What it took
 * from the memory stays taken until the reader's owner gives it back; a read that fails gives back by itself.
 *
 * <p>A body that is refused is read on for {@link #LINGER_BYTES} and thrown away before that is said: a connection that is closed while its
 * client still writes is reset, and the client never sees the answer.
 */
public final class Body extends Mono<byte[]> {
    /** How far a refused body is read on, so that who sent it can read why it was refused. */
    public static final long LINGER_BYTES = 8L * 1024 * 1024;

    /** A longer chunk comes in pieces of this size, a shorter one whole: the decoder is told so. */
    public static final int PIECE_BYTES = 8 * 1024;

    private static final int FIRST_BYTES = 4 * 1024;
    private static final byte[] NOTHING = {};

    private final Publisher<ByteBuf> source;
    private final long announcedBytes;
    private final long limitBytes;
    private final int chunkLimit;
    private final BodyMemory memory;
    private final Deadline deadline;

    /** When a body must have arrived, and where to say so: on its connection's event loop, so that no signal races with it. */
    public record Deadline(Timers timers, Duration after, Executor loop) {}

    /** @param chunks that are shorter than {@link #PIECE_BYTES}; those that are not are bounded by the bytes */
    public record Limits(long bytes, int chunks) {}

    /**
     * @param source gives buffers that it releases itself after each signal
     * @param announcedBytes Content-Length, or -1
     * @param limits of this body
     */
    public Body(Publisher<ByteBuf> source, long announcedBytes, Limits limits, BodyMemory memory, Deadline deadline) {
        this.source = source;
        this.announcedBytes = announcedBytes;
        this.limitBytes = limits.bytes();
        this.chunkLimit = limits.chunks();
        this.memory = memory;
        this.deadline = deadline;
    }

    @Override
    public void subscribe(CoreSubscriber<? super byte[]> actual) {
        if (announcedBytes == 0) {
            Mono.just(NOTHING).subscribe(actual);
            return;
        }
        Reader reader = new Reader(actual);
        source.subscribe(reader);
        reader.watch();
    }

    /** Why a body is not read. */
    public enum Reason {
        /** It is over its limit. */
        TOO_LARGE,
        /** It came in too many chunks. */
        TOO_MANY_CHUNKS,
        /** It is larger than all of the process's memory for bodies: there never will be room for it. */
        LARGER_THAN_MEMORY,
        /** The process holds as many bytes of bodies as it may. */
        NO_MEMORY,
        /** It did not arrive before the deadline. */
        TOO_SLOW
    }

    /** A body that is not read. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final Reason reason;

        Refused(Reason reason) {
            super("body refused: " + reason, null, false, false);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    private final class Reader implements CoreSubscriber<ByteBuf>, Subscription {
        private final CoreSubscriber<? super byte[]> actual;
        private Subscription upstream = Operators.emptySubscription();
        private byte[] bytes = NOTHING;
        private int size;
        private int chunks;
        private boolean done;
        private long discardedBytes;
        private @Nullable Reason refusal;
        private Timers.@Nullable Handle timeout;

        Reader(CoreSubscriber<? super byte[]> actual) {
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(ByteBuf buffer) {
            int more = buffer.readableBytes();
            if (done || more == 0) {
                return;
            }
            if (announcedBytes < 0 && more < PIECE_BYTES) {
                chunks++;
            }
            if (refusal != null || size + (long) more > limitBytes) {
                discard(more, Reason.TOO_LARGE);
            } else if (chunks > chunkLimit) {
                discard(more, Reason.TOO_MANY_CHUNKS);
            } else if (Math.max(announcedBytes, size + (long) more) > memory.limitBytes()) {
                discard(more, Reason.LARGER_THAN_MEMORY);
            } else if (roomFor(more)) {
                buffer.readBytes(bytes, size, more);
                size += more;
            } else {
                discard(more, Reason.NO_MEMORY);
            }
        }

        private void discard(int more, Reason reason) {
            if (refusal == null) {
                refusal = reason;
                memory.give(bytes.length);
                bytes = NOTHING;
                size = 0;
            }
            discardedBytes += more;
            if (discardedBytes > LINGER_BYTES) {
                fail(refusal);
            }
        }

        /** Most bodies are here by now and need no timer. */
        void watch() {
            if (!done) {
                timeout = deadline.timers()
                        .after(
                                deadline.after(),
                                () -> deadline.loop().execute(() -> fail(refusal == null ? Reason.TOO_SLOW : refusal)));
            }
        }

        private void end() {
            done = true;
            if (timeout != null) {
                timeout.cancel();
            }
        }

        private boolean roomFor(int more) {
            if (size + more <= bytes.length) {
                return true;
            }
            long first = announcedBytes > 0 ? Math.min(announcedBytes, limitBytes) : FIRST_BYTES;
            long most = Math.min(limitBytes, memory.limitBytes());
            long wanted = Math.min(most, Math.max(Math.max(first, bytes.length * 2L), size + more));
            int length = (int) Math.min(Integer.MAX_VALUE - 8, wanted);
            if (!memory.take(length - bytes.length)) {
                return false;
            }
            bytes = Arrays.copyOf(bytes, length);
            return true;
        }

        private void fail(Reason reason) {
            upstream.cancel();
            onError(new Refused(reason));
        }

        @Override
        public void onError(Throwable problem) {
            if (!done) {
                end();
                memory.give(bytes.length);
                bytes = NOTHING;
                actual.onError(problem);
            }
        }

        @Override
        public void onComplete() {
            if (refusal != null) {
                onError(new Refused(refusal));
            } else if (!done) {
                end();
                memory.give(bytes.length - size);
                actual.onNext(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
                actual.onComplete();
            }
        }

        @Override
        public void request(long n) {
            upstream.request(Long.MAX_VALUE);
        }

        /** On the connection's event loop like all other signals, so no signal races with it. */
        @Override
        public void cancel() {
            upstream.cancel();
            if (!done) {
                end();
                memory.give(bytes.length);
                bytes = NOTHING;
            }
        }
    }
}
