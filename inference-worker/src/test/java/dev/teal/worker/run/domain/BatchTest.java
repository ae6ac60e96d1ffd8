package dev.teal.worker.run.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    @Test
    void whatIsJoinedComesApartIntoEachRequestsOwnRows() {
        Cases.forAll(500, random -> {
            List<List<Tensor>> requests = new ArrayList<>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                int rows = 1 + random.nextInt(4);
                requests.add(List.of(
                        RandomTensors.next(random, "numbers", Datatype.FP32, rows, 3),
                        RandomTensors.next(random, "texts", Datatype.BYTES, rows)));
            }
            Batch batch = new Batch(requests);

            List<Tensor> joined = batch.joined(TensorAllocator.HEAP);

            assertThat(joined).allSatisfy(input -> assertThat(input.shape()[0]).isEqualTo(batch.rows()));
            assertThat(batch.apart(joined)).contains(requests);
        });
    }

    @Test
    void outputsOfOtherRowsThanTheBatchCannotBeTakenApart() {
        Cases.forAll(1, random -> {
            Tensor two = RandomTensors.next(random, "x", Datatype.FP32, 2, 3);
            Batch batch = new Batch(List.of(List.of(two), List.of(two)));

            assertThat(batch.rows()).isEqualTo(4);
            assertThat(batch.apart(List.of(two))).isEmpty();
            assertThat(batch.apart(List.of(RandomTensors.next(random, "y", Datatype.FP32))))
                    .as("a scalar")
                    .isEmpty();
            assertThat(batch.apart(List.of(RandomTensors.next(random, "y", Datatype.FP32, 4), two)))
                    .as("one of two")
                    .isEmpty();
        });
    }
}
