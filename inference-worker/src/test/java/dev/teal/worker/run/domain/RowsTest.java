package dev.teal.worker.run.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowsTest {
    @ParameterizedTest
    @EnumSource(Datatype.class)
    void whatIsJoinedIsCutIntoTheSameAgain(Datatype datatype) {
        Cases.forAll(300, random -> {
            long[] row = new long[random.nextInt(3)];
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextInt(4);
            }
            List<Tensor> parts = new ArrayList<>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                parts.add(RandomTensors.next(random, "x", datatype, shape(random.nextInt(4), row)));
            }

            Tensor all = Rows.join(parts, TensorAllocator.HEAP);

            assertThat(all.shape()[0])
                    .isEqualTo(parts.stream().mapToLong(part -> part.shape()[0]).sum());
            int from = 0;
            for (Tensor part : parts) {
                int rows = (int) part.shape()[0];
                assertThat(Rows.cut(all, from, rows)).isEqualTo(part);
                from += rows;
            }
            assertThat(Rows.cut(all, 0, from)).isEqualTo(all);
        });
    }

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void whatIsCutIsJoinedToTheSameAgain(Datatype datatype) {
        Cases.forAll(100, random -> {
            int rows = 1 + random.nextInt(9);
            Tensor all = RandomTensors.next(random, "x", datatype, rows, random.nextInt(3));
            List<Tensor> parts = new ArrayList<>();
            for (int from = 0; from < rows; ) {
                int some = Math.min(rows - from, 1 + random.nextInt(4));
                parts.add(Rows.cut(all, from, some));
                from += some;
            }

            assertThat(Rows.join(parts, TensorAllocator.HEAP)).isEqualTo(all);
        });
    }

    @Test
    void aCutIsAViewAndMovesNothing() {
        Tensor all = RandomTensors.next(RandomGenerator.getDefault(), "x", Datatype.INT32, 4, 2);

        Tensor middle = Rows.cut(all, 1, 2);
        all.data().putInt(8, 42);

        assertThat(middle.data().getInt(0)).isEqualTo(42);
        assertThat(all.data().position()).isZero();
        assertThat(all.data().remaining()).isEqualTo(32);
    }

    @Test
    void rowsAreCountedOnlyWhereAllHaveThem() {
        RandomGenerator random = RandomGenerator.getDefault();
        Tensor three = RandomTensors.next(random, "a", Datatype.FP32, 3, 2);
        Tensor threeToo = RandomTensors.next(random, "b", Datatype.BYTES, 3);
        Tensor four = RandomTensors.next(random, "c", Datatype.FP32, 4);
        Tensor scalar = RandomTensors.next(random, "d", Datatype.FP32, new long[0]);

        assertThat(Rows.of(List.of(three, threeToo))).isEqualTo(3);
        assertThat(Rows.of(List.of(three, four))).isEqualTo(-1);
        assertThat(Rows.of(List.of(three, scalar))).isEqualTo(-1);
        assertThat(Rows.of(List.of(scalar))).isEqualTo(-1);
        assertThat(Rows.of(List.of())).isEqualTo(-1);
    }

    private static long[] shape(long rows, long[] row) {
        long[] shape = new long[row.length + 1];
        shape[0] = rows;
        System.arraycopy(row, 0, shape, 1, row.length);
        return shape;
    }
}
