package dev.teal.worker.run.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowShapeTest {
    @Test
    void theNumberOfRowsIsNoPartOfIt() {
        assertThat(shape(new long[] {1, 3}, new long[] {1}))
                .isEqualTo(shape(new long[] {7, 3}, new long[] {7}))
                .hasSameHashCodeAs(shape(new long[] {7, 3}, new long[] {7}));
    }

    @Test
    void otherDimensionsAndTheirPlacesAre() {
        RowShape shape = shape(new long[] {1, 3, 4}, new long[] {1});

        assertThat(shape).isNotEqualTo(shape(new long[] {1, 4, 3}, new long[] {1}));
        assertThat(shape).isNotEqualTo(shape(new long[] {1, 3}, new long[] {1, 4}));
        assertThat(shape).isNotEqualTo(shape(new long[] {1}, new long[] {1, 3, 4}));
        assertThat(shape).isNotEqualTo(shape(new long[] {1, 3, 4}));
        assertThat(shape).isNotEqualTo("another thing");
    }

    private static RowShape shape(long[]... shapes) {
        List<Tensor> inputs = Arrays.stream(shapes)
                .map(shape -> new Tensor("x", Datatype.FP32, shape, ByteBuffer.allocate(0)))
                .toList();
        return RowShape.of(inputs);
    }
}
