package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.INT64;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.lang.foreign.MemorySegment;

/** Models that are made for a test, and what the inspection says of them. */
final class Inspected {
    private Inspected() {}

    static ModelSignature read(Message model) {
        return OnnxInspection.read(MemorySegment.ofArray(model.bytes()));
    }

    static Message graph() {
        return new Message()
                .with(1, new Message().with(4, "Relu"))
                .with(11, value("x", FLOAT, 2, -1))
                .with(12, value("y", INT64));
    }

    static void assertRefused(Message model, Reason reason, String words) {
        assertThatThrownBy(() -> read(model)).isInstanceOfSatisfying(OnnxRefused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.detail()).contains(words);
        });
    }
}
