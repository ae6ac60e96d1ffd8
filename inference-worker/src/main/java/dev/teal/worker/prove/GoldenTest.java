package dev.teal.worker.prove;

import dev.teal.protocol.oip.GoldenSample;
import dev.teal.protocol.oip.InferenceCodec;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.worker.contain.MemoryShortage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Asks each golden question once and compares the answer. */
final class GoldenTest {
    /** Samples come as JSON of 16 MB; what answers with more than the heap has room for is not what they expect. */
    private static final int MOST_BYTES =
            (int) Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 4);

    private GoldenTest() {}

    static void run(OwnSocket socket, List<GoldenSample> samples) throws IOException, Unproven {
        for (int i = 0; i < samples.size(); i++) {
            String where = "golden sample " + (i + 1) + " of " + samples.size() + ": ";
            GoldenSample sample = samples.get(i);
            InferenceResponse response = ask(socket, sample, where);
            for (Tensor expected : sample.outputs()) {
                compare(where, sample, expected, response);
            }
        }
    }

    private static InferenceResponse ask(OwnSocket socket, GoldenSample sample, String where)
            throws IOException, Unproven {
        List<String> wanted = sample.outputs().stream().map(Tensor::name).toList();
        OwnSocket.Answer answer = socket.infer(OwnRequest.binary(sample.inputs(), wanted), MOST_BYTES);
        if (answer.length() > MOST_BYTES) {
            throw new Unproven(
                    Code.GOLDEN_MISMATCH,
                    where + "the answer has " + answer.length() + " bytes, at most " + MOST_BYTES + " can be compared");
        }
        if (answer.status() != 200) {
            String error = answer.error();
            throw new Unproven(MemoryShortage.isIn(error) ? Code.MEMORY_EXCEEDED : Code.GOLDEN_FAILED, where + error);
        }
        try {
            return InferenceCodec.readResponse(RequestBody.of(answer.body()), answer.jsonBytes(), TensorAllocator.HEAP);
        } catch (InvalidInference e) {
            throw new Unproven(Code.GOLDEN_FAILED, where + e.getMessage());
        }
    }

    private static void compare(String where, GoldenSample sample, Tensor expected, InferenceResponse response)
            throws Unproven {
        Tensor actual = response.outputs().stream()
                .filter(output -> output.name().equals(expected.name()))
                .findFirst()
                .orElseThrow(
                        () -> new Unproven(Code.GOLDEN_FAILED, where + "the model gives no '" + expected.name() + "'"));
        Optional<String> notFinite = sample.tolerance().notFinite(expected, actual);
        if (notFinite.isPresent()) {
            throw new Unproven(Code.GOLDEN_FAILED, where + notFinite.get());
        }
        Optional<String> difference = sample.tolerance().difference(expected, actual);
        if (difference.isPresent()) {
            throw new Unproven(Code.GOLDEN_MISMATCH, where + difference.get());
        }
    }
}
