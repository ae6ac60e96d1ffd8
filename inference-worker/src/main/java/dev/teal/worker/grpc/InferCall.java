package dev.teal.worker.grpc;

import dev.teal.protocol.grpc.ModelInferRequest;
import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.run.Call;
import dev.teal.worker.run.Description.Loaded;
import dev.teal.worker.run.Failure;
import dev.teal.worker.run.Inference;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One inference message at the desk. It is for whatever model its message names, and only reading it tells. */
final class InferCall implements Call {
    private final Way way;
    private final boolean compressed;
    private final long limitBytes;
    private final int bodyBytes;
    private final AtomicReference<@Nullable MessageBody> body;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final List<Runnable> endings = new ArrayList<>(4);
    private volatile boolean finalResponse;
    private volatile @Nullable Outgoing outgoing;
    private volatile @Nullable GrpcStatus status;
    private volatile String id = "";
    private boolean over;
    private boolean lost;

    /** Where it came from, and where its answer goes. */
    interface Way {
        EventExecutor loop();

        GrpcHead head();

        Optional<Loaded> loaded();

        Outgoing encode(InferenceResponse response, boolean finalResponse, Runnable release);

        /** It has an outgoing answer, or a status. On the event loop; {@link InferCall#end} must follow. */
        void answered(InferCall call);
    }

    /** @param limitBytes of the message when it is unpacked */
    InferCall(Way way, boolean compressed, MessageBody body, long limitBytes) {
        this.way = way;
        this.compressed = compressed;
        this.limitBytes = limitBytes;
        this.bodyBytes = body.length();
        this.body = new AtomicReference<>(body);
    }

    @Override
    public int bodyBytes() {
        return bodyBytes;
    }

    @Override
    public Glance glance() {
        MessageBody unread = body.get();
        return unread == null ? Glance.NOTHING : ModelInferRequest.glanceOf(compressed ? Gzip.head(unread) : unread);
    }

    @Override
    public InferenceRequest read(TensorAllocator memory) {
        MessageBody mine = body.getAndSet(null);
        if (mine == null) {
            throw new InvalidInference("the client has gone, or has its answer");
        }
        try {
            RequestBody plain = compressed ? Gzip.unpack(mine, limitBytes, memory) : mine;
            id = ModelInferRequest.idOf(plain);
            ModelInferRequest message = ModelInferRequest.read(plain, memory);
            requireServed(message);
            finalResponse = message.finalResponse();
            return message.request();
        } finally {
            mine.release();
        }
    }

    private void requireServed(ModelInferRequest message) {
        boolean right = way.loaded()
                .filter(served -> served.isCalled(message.model(), message.version()))
                .isPresent();
        if (!right) {
            throw refusedAs(Inference.unknown(message.model(), message.version()));
        }
    }

    /** Answers with what it is, so that the exception only ends the reading. */
    private InvalidInference refusedAs(Failure failure) {
        fail(failure);
        return new InvalidInference(failure.message());
    }

    @Override
    public boolean answer(InferenceRequest request, InferenceResponse response, Runnable release) {
        Outgoing encoded = way.encode(response, finalResponse, release);
        if (!answered.compareAndSet(false, true)) {
            encoded.drop();
            return false;
        }
        outgoing = encoded;
        onLoop(encoded::drop);
        return true;
    }

    @Override
    public boolean fail(Failure failure) {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        status = way.head().statusOf(failure, System.nanoTime());
        if (way.loop().inEventLoop()) {
            way.answered(this);
        } else {
            onLoop(() -> {});
        }
        return true;
    }

    /** @param otherwise where the network has ended, and nobody is there to be answered */
    private void onLoop(Runnable otherwise) {
        try {
            way.loop().execute(() -> way.answered(this));
        } catch (RejectedExecutionException e) {
            otherwise.run();
        }
    }

    /** What it is answered with, or null where that is a status; who takes it sends or drops it. */
    @Nullable
    Outgoing takeOutgoing() {
        Outgoing taken = outgoing;
        outgoing = null;
        return taken;
    }

    @Nullable
    GrpcStatus status() {
        return status;
    }

    /** The request's own; empty where it has none, or was not read far enough. */
    String id() {
        MessageBody unread = compressed ? null : body.get();
        return unread == null ? id : ModelInferRequest.idOf(unread);
    }

    @Override
    public void after(long millis, Runnable task) {
        Future<?> timer = way.loop().schedule(task, millis, TimeUnit.MILLISECONDS);
        onEnd(() -> timer.cancel(false));
    }

    @Override
    public void onEnd(Runnable ending) {
        if (over) {
            ending.run();
        } else {
            endings.add(ending);
        }
    }

    @Override
    public boolean lost() {
        return lost;
    }

    /** Its answer has left, or its client. On the event loop, as often as one likes. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        lost = answered.compareAndSet(false, true);
        MessageBody unread = body.getAndSet(null);
        if (unread != null) {
            unread.release();
        }
        endings.forEach(Runnable::run);
    }
}
