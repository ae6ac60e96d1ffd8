package dev.teal.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.onnx.IdentityModel;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunThreadTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void requestsThatCannotEvenBeFailedDoNotTakeTheThreadAlong() throws Exception {
        IdentityModel model = new IdentityModel(Datatype.FP32);
        OnnxSession session = Onnx.start(null).open(model.bytes(), 1);
        try (Served served = TestServed.of(model.signature(), session)) {
            CompletableFuture<Integer> answered = new CompletableFuture<>();

            ask(served, new Asking() {
                @Override
                public InferenceRequest read(TensorAllocator memory) {
                    throw new InvalidInference("not a request");
                }
            });
            ask(served, new Asking());
            ask(served, new Asking() {
                @Override
                public boolean answer(InferenceRequest request, InferenceResponse response, Runnable release) {
                    answered.complete(response.outputs().getFirst().data().getInt(0));
                    release.run();
                    return true;
                }
            });

            assertThat(answered.get(60, TimeUnit.SECONDS)).isEqualTo(7);
            await().atMost(LONG).until(() -> served.queue().reserve(1 << 20));
        }
    }

    private static void ask(Served served, Call call) {
        assertThat(served.queue().reserve(call.bodyBytes())).isTrue();
        assertThat(new Job(call, served, false, 0, () -> {}).begin(call.bodyBytes(), -1))
                .isTrue();
    }

    /** One that can be read, and whose network has no memory for any answer. */
    private static class Asking implements Call {
        @Override
        public int bodyBytes() {
            return 8;
        }

        @Override
        public InferenceRequest read(TensorAllocator memory) {
            Tensor input = new Tensor(
                    IdentityModel.input(Datatype.FP32),
                    Datatype.FP32,
                    new long[] {1},
                    memory.allocate(4).putInt(7).flip());
            return new InferenceRequest(null, List.of(input), List.of());
        }

        @Override
        public boolean answer(InferenceRequest request, InferenceResponse response, Runnable release) {
            throw new OutOfMemoryError("for an answer");
        }

        @Override
        public boolean fail(Failure failure) {
            throw new OutOfMemoryError("for an error");
        }

        @Override
        public void after(long millis, Runnable task) {}

        @Override
        public void onEnd(Runnable ending) {}

        @Override
        public boolean lost() {
            return false;
        }
    }
}
