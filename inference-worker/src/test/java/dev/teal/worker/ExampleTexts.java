package dev.teal.worker;

import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The elements of a BYTES tensor as text. */
final class ExampleTexts {
    private ExampleTexts() {}

    static List<String> of(Tensor tensor) {
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        List<String> texts = new ArrayList<>();
        while (data.hasRemaining()) {
            byte[] text = new byte[data.getInt()];
            data.get(text);
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        return texts;
    }
}
