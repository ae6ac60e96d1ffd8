package dev.teal.worker.serve;

import dev.teal.protocol.Refusal;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.oip.InferenceJson;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.RunControl;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One admitted request on its way through the queue and the model. It is over when its client has an answer (or is gone) and nothing
 * computes for it any more, whichever comes last.
 */
final class Job {
    private static final Logger log = LoggerFactory.getLogger(Job.class);

    private enum Stage {
        QUEUED,
        RUNNING,
        OVER
    }

    private final Exchange exchange;
    private final Serving serving;
    private final Meters meters;
    private final Runnable over;
    private final RunControl control = new RunControl();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.QUEUED);
    private final AtomicInteger open = new AtomicInteger(2);
    private final long arrived = System.nanoTime();

    Job(Exchange exchange, Serving serving, Meters meters, Runnable over) {
        this.exchange = exchange;
        this.serving = serving;
        this.meters = meters;
        this.over = over;
    }

    int bytes() {
        return exchange.body().length;
    }

    /** Queues it, on the event loop. @param deadlineMillis from now on, or a negative number for none */
    void begin(long deadlineMillis) {
        exchange.onEnd(this::answered);
        if (deadlineMillis == 0) {
            leaveQueue(Refusal.EXPIRED);
        } else if (!serving.queue().offer(this)) {
            leaveQueue(Refusal.SATURATED);
        } else if (deadlineMillis > 0) {
            exchange.after(deadlineMillis, this::expire);
        }
    }

    private boolean leaveQueue(Refusal refusal) {
        if (!stage.compareAndSet(Stage.QUEUED, Stage.OVER)) {
            return false;
        }
        serving.queue().withdraw(this);
        meters.answered("refused_" + refusal.name().toLowerCase(Locale.ROOT));
        Answers.refuse(exchange, refusal);
        close();
        return true;
    }

    private void expire() {
        if (!leaveQueue(Refusal.EXPIRED)) {
            control.terminate();
            if (error(HttpResponseStatus.GATEWAY_TIMEOUT, "Request timeout expired while the model was running")) {
                meters.answered("timeout");
            }
        }
    }

    /** The response is written, or the client has gone: then nobody waits for what is still to be computed. */
    private void answered() {
        if (exchange.lost()) {
            meters.answered("cancelled");
            control.terminate();
            if (stage.compareAndSet(Stage.QUEUED, Stage.OVER)) {
                serving.queue().withdraw(this);
                close();
            }
        }
        close();
    }

    private void close() {
        if (open.decrementAndGet() == 0) {
            over.run();
        }
    }

    /** On a run thread. */
    void run() {
        if (!stage.compareAndSet(Stage.QUEUED, Stage.RUNNING)) {
            return;
        }
        meters.queued(System.nanoTime() - arrived);
        try {
            compute();
        } catch (InvalidInference e) {
            if (error(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()))) {
                meters.answered("invalid");
            }
        } catch (OnnxFailure e) {
            if (error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the model failed: " + e.getMessage())) {
                meters.answered("failed");
            }
        } catch (RuntimeException | Error e) {
            log.atError().setCause(e).log("Request failed by an error of the worker");
            if (error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the worker failed on this request")) {
                meters.answered("failed");
            }
        } finally {
            stage.set(Stage.OVER);
            close();
        }
    }

    private void compute() throws OnnxFailure {
        InferenceRequest request = InferenceJson.readRequest(exchange.body());
        long begun = System.nanoTime();
        InferenceResponse response = serving.model().answer(request, control);
        meters.computed(System.nanoTime() - begun);
        ByteBuf body = exchange.buffer();
        try {
            body.writeBytes(InferenceJson.write(response));
        } catch (InvalidInference e) {
            body.release();
            throw new OnnxFailure("its " + e.getMessage());
        } catch (RuntimeException e) {
            body.release();
            throw e;
        }
        if (exchange.respond(HttpResponseStatus.OK, body, headers())) {
            meters.answered("ok");
        }
    }

    private boolean error(HttpResponseStatus status, String message) {
        return exchange.respond(status, Answers.error(message), headers());
    }

    private HttpHeaders headers() {
        return Answers.headers().set(TealHeaders.DIGEST, serving.digest());
    }
}
