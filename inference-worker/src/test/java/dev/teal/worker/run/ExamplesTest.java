package dev.teal.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.run.domain.RowShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    private final Examples examples = new Examples();

    @Test
    void anExampleHasTheRowShapeOfTheRequestAndOtherValues() {
        Question request = question(1, 1, 2, 3);
        examples.keep(request);
        examples.keep(question(1, 1, 2));
        assertThat(examples.besides(request)).as("itself, and a longer row").isEmpty();

        examples.keep(question(1, 4, 5, 6));

        assertThat(examples.besides(request).orElseThrow().inputs())
                .isEqualTo(question(1, 4, 5, 6).inputs());
        assertThat(examples.besides(question(2, 1, 2, 3, 1, 2, 3)))
                .as("of more rows")
                .isPresent();
        examples.drop(examples.besides(request).orElseThrow());
        assertThat(examples.besides(request)).isEmpty();
    }

    @Test
    void eachIsTakenInTurn() {
        examples.keep(question(1, 1));
        examples.keep(question(1, 2));

        assertThat(List.of(taken(), taken(), taken())).containsExactly(1f, 2f, 1f);
    }

    private float taken() {
        return examples.besides(question(1, 3))
                .orElseThrow()
                .inputs()
                .getFirst()
                .data()
                .getFloat(0);
    }

    @Test
    void aCopyIsKeptOfWhatLiesInMemoryThatIsUsedAgain() {
        Question passing = question(1, 4, 5, 6);
        examples.keep(passing);
        passing.inputs().getFirst().data().putFloat(0, 99);

        assertThat(examples.besides(question(1, 1, 2, 3)).orElseThrow().inputs())
                .isEqualTo(question(1, 4, 5, 6).inputs());
    }

    @Test
    void noMoreIsKeptThanThereIsRoomFor() {
        examples.keep(question(1, new float[300_000]));
        assertThat(examples.besides(question(1, ones(300_000)))).as("1.2 MB").isEmpty();
        examples.keep(question(9, new float[9]));
        assertThat(examples.besides(question(1, 1))).as("nine rows").isEmpty();
        for (int i = 0; i < 9; i++) {
            examples.keep(question(1, new float[1 + i]));
        }
        assertThat(examples.besides(question(1, ones(8)))).as("the eighth").isPresent();
        assertThat(examples.besides(question(1, ones(9)))).as("the ninth").isEmpty();

        examples.clear();
        assertThat(examples.besides(question(1, ones(8)))).isEmpty();
    }

    @Test
    void whatHasNoRowsIsNoExample() {
        Question rows = question(1, 1, 2);
        examples.keep(new Question(rows.job(), rows.request(), rows.inputs(), List.of(), 1, null, null, 0, 0));

        assertThat(examples.besides(question(1, 3, 4))).isEmpty();
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }

    private static Question question(int rows, float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        List<Tensor> inputs =
                List.of(new Tensor("x", Datatype.FP32, new long[] {rows, values.length / rows}, data.flip()));
        Job job = new Job(new FakeCall(1, Schedule.NONE), TestServed.of(1, 1), true, 0, () -> {});
        return new Question(
                job,
                new InferenceRequest(null, inputs, List.of()),
                inputs,
                List.of(),
                rows,
                RowShape.of(inputs),
                null,
                0,
                0);
    }
}
