package dev.teal.protocol.grpc;

import static dev.teal.protocol.grpc.RequestMessages.input;
import static dev.teal.protocol.grpc.RequestMessages.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.PiecedBody;
import dev.teal.protocol.oip.Schedule;
import inference.InferParameter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is seen of a message before it is read. */
class ModelInferRequestGlanceTest {
    @Test
    void rowsAndScheduleAreSeenWithoutReading() {
        inference.ModelInferRequest.Builder request = request()
                .putParameters(
                        "timeout", InferParameter.newBuilder().setInt64Param(9).build())
                .addInputs(input("FP32", 5, 2))
                .addInputs(input("FP32", 7))
                .addRawInputContents(ByteString.copyFrom(new byte[10_000]));

        assertThat(glance(request)).isEqualTo(new Glance(new Schedule(0, 9), 5));
        assertThat(glance(request().addInputs(input("FP32")).addInputs(input("FP32", 7))))
                .isEqualTo(Glance.NOTHING);
        assertThat(glance(request().addInputs(input("FP32", -7)))).isEqualTo(Glance.NOTHING);
        assertThat(ModelInferRequest.glanceOf(new PiecedBody(new byte[] {42, 4, 24, 3, 24, 9})))
                .as("a dimension each, as some write it")
                .isEqualTo(new Glance(Schedule.NONE, 3));
        assertThat(ModelInferRequest.glanceOf(new PiecedBody(new byte[] {42, 9, 24, 3})))
                .as("cut off")
                .isEqualTo(Glance.NOTHING);
        byte[] whole = request.build().toByteArray();
        assertThat(ModelInferRequest.glanceOf(new PiecedBody(Arrays.copyOf(whole, 1_000))))
                .as("cut off behind them")
                .isEqualTo(new Glance(new Schedule(0, 9), 5));
    }

    @Test
    void theIdIsFoundInWhatCanNotBeRead() {
        byte[] message =
                request().setId("id-1").addInputs(input("FP32", -7)).build().toByteArray();

        assertThat(ModelInferRequest.idOf(new PiecedBody(message))).isEqualTo("id-1");
        assertThat(ModelInferRequest.idOf(new PiecedBody(new byte[] {26, 9, 1})))
                .isEmpty();
        assertThat(ModelInferRequest.idOf(new PiecedBody(new byte[0]))).isEmpty();
    }

    private static Glance glance(inference.ModelInferRequest.Builder request) {
        return ModelInferRequest.glanceOf(new PiecedBody(request.build().toByteArray()));
    }
}
