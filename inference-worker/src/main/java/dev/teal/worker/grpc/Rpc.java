package dev.teal.worker.grpc;

import dev.teal.worker.run.BodyTooLarge;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Description.Loaded;
import dev.teal.worker.run.Desk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.util.Optional;

/** One RPC, from its head on. On the event loop. */
abstract class Rpc implements MessageReader.Sink {
    private final Line line;
    private final GrpcHead head;
    private final MessageReader reader;
    private boolean closed;

    /** What an RPC has of its connection: the ways back, and what all share. */
    interface Line {
        EventExecutor loop();

        ByteBufAllocator allocator();

        Desk desk();

        Description description();

        int mostBytes();

        /** @param left called once, when the last byte has left or never will */
        void send(Outgoing message, Runnable left);

        /** The same, and ends the RPC well. */
        void sendLast(Outgoing message, Runnable left);

        /** Ends the RPC; nothing is sent after it. */
        void finish(GrpcStatus status);

        /** Whether the client has been told to begin nothing more. */
        boolean isGoingAway();

        /** Takes what was held back as far as {@link Rpc#takesMore} lets it. */
        void resume();
    }

    Rpc(Line line, GrpcHead head) {
        this.line = line;
        this.head = head;
        this.reader = new MessageReader(line.allocator(), this);
    }

    Line line() {
        return line;
    }

    public GrpcHead head() {
        return head;
    }

    public EventExecutor loop() {
        return line.loop();
    }

    public Optional<Loaded> loaded() {
        return line.description().loaded();
    }

    boolean isWithinMessage() {
        return reader.isWithinMessage();
    }

    void data(ByteBuf bytes) {
        reader.read(bytes);
    }

    /** The client sends nothing more, and all that it sent has been taken. */
    abstract void isComplete();

    /** The stream is over, however it came to it. */
    final void close() {
        if (!closed) {
            closed = true;
            reader.close();
            ended();
        }
    }

    boolean isClosed() {
        return closed;
    }

    abstract void ended();

    /** Refuses what is too large, and what is compressed without saying how. @return whether it is refused */
    boolean refuses(boolean compressed, long length) {
        if (length > line.mostBytes()) {
            line.finish(GrpcStatus.of(BodyTooLarge.failure(line.mostBytes())));
            return true;
        }
        if (compressed && !head.gzip()) {
            line.finish(GrpcStatus.of(
                    GrpcStatus.Code.INTERNAL,
                    "the message is marked as compressed, and grpc-encoding does not say how"));
            return true;
        }
        return false;
    }
}
