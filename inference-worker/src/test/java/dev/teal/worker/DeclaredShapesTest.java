package dev.teal.worker;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.onnx.Message;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a signature does not say of shapes: the caller's fault is told as such, and what the runtime can compute is computed. */
class DeclaredShapesTest {
    private static final Message SUM = named("y0", "rows", "columns");
    private static final List<Long> ANY = List.of(-1L, -1L);

    @Test
    void sizesOfOneNameThatDifferAreTheCallersFaultWhereTheyCannotBeComputed() throws IOException {
        try (TestWorker worker = TestModel.sum(
                        named("x0", "rows", "columns"), ANY, named("x1", "rows", "columns"), ANY, SUM)
                .served()) {
            UnixHttp.Response response = ask(worker, floats("x0", 2, 3), floats("x1", 2, 4));

            assertThat(response.status()).isEqualTo(400);
            assertThat(Asked.error(response))
                    .isEqualTo(
                            "unexpected shape for input 'x1' for model 'endpoint'. Expected [rows,columns], got [2,4];"
                                    + " columns is 3 in input 'x0'");
            assertThat(Asked.error(ask(worker, floats("x0", 2, 3), floats("x1", 3, 3))))
                    .endsWith("got [3,3]; rows is 2 in input 'x0'");
        }
    }

    @Test
    void sizesOfOneNameThatDifferAreComputedWhereTheyCanBe() throws IOException {
        try (TestWorker worker = TestModel.sum(
                        named("x0", "rows", "columns"), ANY, named("x1", "rows", "columns"), ANY, SUM)
                .served()) {
            assertThat(Asked.answer(ask(worker, floats("x0", 2, 3), floats("x1", 1, 3)))
                            .outputs()
                            .getFirst()
                            .shape())
                    .containsExactly(2, 3);
        }
    }

    @Test
    void sizesOfOtherNamesMayDifferAndWhatFailsThenIsTheModelsFault() throws IOException {
        try (TestWorker worker = TestModel.sum(
                        named("x0", "rows", "columns"), ANY, named("x1", "other", "more"), ANY, SUM)
                .served()) {
            UnixHttp.Response response = ask(worker, floats("x0", 2, 3), floats("x1", 2, 4));

            assertThat(response.status()).isEqualTo(500);
            assertThat(Asked.error(response)).startsWith("the model failed: ");
        }
    }

    @Test
    void rowsWithoutANameThatDifferAreTheCallersFaultWhereTheModelFails() throws IOException {
        try (TestWorker worker = TestModel.sum(named("x0", "", "columns"), ANY, named("x1", "", "columns"), ANY, SUM)
                .served()) {
            UnixHttp.Response response = ask(worker, floats("x0", 2, 3), floats("x1", 3, 3));

            assertThat(response.status()).isEqualTo(400);
            assertThat(Asked.error(response))
                    .isEqualTo("input 'x1' batch size does not match other inputs for 'endpoint'");
        }
    }

    @Test
    void aBatchThatItsAuthorDeclaredHasOneSize() throws IOException {
        ModelConfig declared = new ModelConfig(8, null, Map.of(), List.of());
        try (TestWorker worker = TestModel.sum(named("x0", "", "columns"), ANY, named("x1", "", "columns"), ANY, SUM)
                .served(new RuntimeSettings(1, 1), declared)) {
            UnixHttp.Response response = ask(worker, floats("x0", 2, 3), floats("x1", 1, 3));

            assertThat(response.status())
                    .as("though the runtime can compute it")
                    .isEqualTo(400);
            assertThat(Asked.error(response))
                    .isEqualTo("input 'x1' batch size does not match other inputs for 'endpoint'");
        }
    }

    @Test
    void aScalarIsAScalar() throws IOException {
        try (TestWorker worker = TestModel.sum(named("x0", "rows", "columns"), ANY, value("x1", FLOAT), List.of(), SUM)
                .served()) {
            assertThat(Asked.answer(ask(worker, floats("x0", 2, 3), floats("x1")))
                            .outputs())
                    .hasSize(1);
            UnixHttp.Response response = ask(worker, floats("x0", 2, 3), floats("x1", 1));

            assertThat(response.status())
                    .as("though the runtime can compute it")
                    .isEqualTo(400);
            assertThat(Asked.error(response))
                    .isEqualTo("unexpected shape for input 'x1' for model 'endpoint'. Expected [], got [1]");
        }
    }

    private static Message named(String input, String... dimensions) {
        Message shape = new Message();
        for (String dimension : dimensions) {
            shape.with(1, new Message().with(2, dimension));
        }
        return new Message()
                .with(1, input)
                .with(2, new Message().with(1, new Message().with(1, FLOAT).with(2, shape)));
    }

    private static Tensor floats(String name, long... shape) {
        return Asked.floats(name, shape, new float[(int) Tensor.elements(shape)]);
    }

    private static UnixHttp.Response ask(TestWorker worker, Tensor... inputs) throws IOException {
        return Asked.infer(worker, Asked.body(new InferenceRequest(null, List.of(inputs), List.of()), true, true));
    }
}
