package dev.teal.worker.prove;

import dev.teal.protocol.oip.GoldenSample;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.worker.contain.MemoryShortage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends real requests until what they pass is compiled and linked, or a time is up. With golden samples their inputs are sent, and an answer
 * that is an error is left to the test, which names it. Without, a request is made from the signature; a model may well refuse zeros
 * and empty strings, so that says nothing about it, except where it takes no input at all: then the request is the only one there is.
 */
final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    /** The way of a request is warm already where the worker waited in a pool; what is left is the model's own first run. */
    private static final long BUDGET_NANOS = 10_000_000;

    private static final int MAX_REQUESTS = 600;

    /** Only errors are read. */
    static final int MOST_OF_AN_ANSWER = 1 << 20;

    private WarmUp() {}

    static void run(OwnSocket socket, Assignment assignment, List<GoldenSample> samples) throws IOException, Unproven {
        ModelSignature signature = assignment.signature();
        ModelConfig config = assignment.config();
        if (config != null) {
            DeclaredWarmUps.run(socket, config);
        }
        List<OwnRequest> requests = new ArrayList<>();
        for (GoldenSample sample : samples) {
            OwnRequest.usual(signature, sample.inputs()).forEach(requests::add);
        }
        if (requests.isEmpty()) {
            try {
                OwnRequest.usual(signature, SyntheticRequest.of(signature)).forEach(requests::add);
            } catch (IllegalArgumentException | ArithmeticException e) {
                log.atInfo().addKeyValue("reason", e.getMessage()).log("Warmed up without a request");
                return;
            }
        }
        send(socket, requests, samples.isEmpty(), signature.inputs().isEmpty());
    }

    static void requireMemory(String error) throws Unproven {
        if (MemoryShortage.isIn(error)) {
            throw new Unproven(
                    WorkerFailure.Code.MEMORY_EXCEEDED,
                    "a warm-up request takes more memory than a worker may have: " + error);
        }
    }

    private static void send(OwnSocket socket, List<OwnRequest> requests, boolean synthetic, boolean conclusive)
            throws IOException, Unproven {
        long begun = System.nanoTime();
        int sent = 0;
        while (sent < requests.size() || (sent < MAX_REQUESTS && System.nanoTime() - begun < BUDGET_NANOS)) {
            OwnSocket.Answer answer = socket.infer(requests.get(sent % requests.size()), MOST_OF_AN_ANSWER);
            sent++;
            if (answer.status() != 200) {
                String message = answer.error();
                requireMemory(message);
                if (conclusive) {
                    throw new Unproven(
                            WorkerFailure.Code.WARM_UP_FAILED, "the model takes no inputs and failed: " + message);
                }
                if (synthetic) {
                    log.atInfo().addKeyValue("answer", message).log("Model refuses a made-up request, warm-up ends");
                }
                return;
            }
        }
    }
}
