package dev.teal.worker.run.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTrustTest {
    private static final List<List<Tensor>> ALONE = outputs(1, 2);

    private final BatchTrust trust = BatchTrust.of(true);

    @Test
    void rowsThatComeOutAlikeThreeTimesAreTrusted() {
        trust.compare(ALONE, outputs(1, 2), 1);
        trust.compare(ALONE, outputs(1, 2), 1);
        assertThat(trust.isTrusted()).isFalse();
        assertThat(trust.isOpen()).isTrue();

        trust.compare(ALONE, outputs(1.000_01f, 2), 1);

        assertThat(trust.isTrusted()).isTrue();
        assertThat(trust.isOpen()).isFalse();
    }

    @Test
    void rowsThatAreMixedOnceAreNeverTrusted() {
        trust.compare(ALONE, outputs(1, 2), 1);
        trust.compare(ALONE, outputs(1.5f, 1.5f), 1);
        for (int i = 0; i < 5; i++) {
            trust.compare(ALONE, outputs(1, 2), 1);
        }

        assertThat(trust.isTrusted()).isFalse();
        assertThat(trust.isOpen()).isFalse();
    }

    @Test
    void aMixtureThatShowsInTheSecondOutputAloneIsSeen() {
        Tensor same = tensor(7);
        trust.compare(List.of(List.of(same, tensor(1))), List.of(List.of(same, tensor(3))), 1);

        assertThat(trust.isOpen()).isFalse();
    }

    @Test
    void aResultOfAnotherShapeIsNotTheSame() {
        Tensor two = new Tensor("y", Datatype.FP32, new long[] {2}, tensor(1).data());
        trust.compare(List.of(List.of(tensor(1))), List.of(List.of(two)), 1);

        assertThat(trust.isOpen()).isFalse();
    }

    @Test
    void equalRowsCannotShowThatTheyWereMixed() {
        assertThat(BatchTrust.telling(List.of(tensor(1), tensor(2)), List.of(tensor(1), tensor(2))))
                .isZero();
        assertThat(BatchTrust.telling(List.of(tensor(1, 1)), List.of(tensor(1, 1, 1))))
                .isZero();
        assertThat(BatchTrust.telling(List.of(tensor(1, 2)), List.of(tensor(1, 2))))
                .as("the mean of both is that of each")
                .isZero();
        assertThat(BatchTrust.telling(List.of(tensor(1), tensor(2)), List.of(tensor(3), tensor(4))))
                .isEqualTo(0b11);
        assertThat(BatchTrust.telling(List.of(tensor(1), tensor(2)), List.of(tensor(1), tensor(4))))
                .isEqualTo(0b10);
    }

    @Test
    void whatWasSeenSpeaksForTheInputsThatDifferedAlone() {
        List<Tensor> one = List.of(tensor(1), tensor(7));
        List<Tensor> otherFirst = List.of(tensor(2, 3), tensor(7, 7));
        List<Tensor> otherSecond = List.of(tensor(1), tensor(8));
        assertThat(trust.covers(one, one)).as("nothing was seen").isFalse();
        for (int i = 0; i < 3; i++) {
            trust.compare(ALONE, outputs(1, 2), BatchTrust.telling(one, otherFirst));
        }

        assertThat(trust.covers(one, otherFirst)).isTrue();
        assertThat(trust.covers(one, otherSecond)).isFalse();
        assertThat(trust.covers(otherSecond, otherSecond)).isTrue();
        List<Tensor> mixed = List.of(tensor(1, 1), tensor(7, 8));
        assertThat(trust.covers(mixed, mixed)).as("its own rows differ").isFalse();

        for (int i = 0; i < 3; i++) {
            trust.compare(ALONE, outputs(1, 2), BatchTrust.telling(one, otherSecond));
        }
        assertThat(trust.covers(one, otherSecond)).isTrue();
        assertThat(trust.covers(mixed, mixed)).isTrue();
    }

    @Test
    void anInputThatMixesRowsIsSeenAlsoWhereOthersWereTrusted() {
        for (int i = 0; i < 3; i++) {
            trust.compare(ALONE, outputs(1, 2), 0b01);
        }
        trust.compare(ALONE, outputs(5, 6), 0b10);

        assertThat(trust.isTrusted()).isFalse();
        assertThat(trust.covers(List.of(tensor(1)), List.of(tensor(2)))).isFalse();
    }

    @Test
    void aModelWhoseAuthorSaysSoIsTrustedAtOnceUntilItIsSeenToBeOtherwise() {
        BatchTrust declared = BatchTrust.declared();
        assertThat(declared.isTrusted()).isTrue();
        assertThat(declared.covers(List.of(tensor(1)), List.of(tensor(2)))).isTrue();

        declared.refuse();

        assertThat(declared.isTrusted()).isFalse();
        assertThat(declared.isOpen()).isFalse();
    }

    @Test
    void whereShapesHaveNoRowsNothingIsTried() {
        BatchTrust impossible = BatchTrust.of(false);

        assertThat(impossible.isOpen()).isFalse();
        assertThat(impossible.isTrusted()).isFalse();
    }

    private static List<List<Tensor>> outputs(float first, float second) {
        return List.of(List.of(tensor(first)), List.of(tensor(second)));
    }

    private static Tensor tensor(float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return new Tensor("y", Datatype.FP32, new long[] {values.length}, data.flip());
    }
}
