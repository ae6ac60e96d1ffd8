package dev.teal.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResponseCacheTest {
    private static final long ENTRY_BYTES = 400;
    private static final List<String> ALL = List.of("y", "z");

    @Test
    void equalQuestionsHaveOneKey() {
        assertThat(ResponseCache.key(List.of(tensor(Datatype.FP32, 1, 2), tensor(Datatype.FP32, 3)), ALL))
                .isEqualTo(ResponseCache.key(List.of(tensor(Datatype.FP32, 1, 2), tensor(Datatype.FP32, 3)), ALL));
    }

    @Test
    void anyDifferenceGivesAnotherKey() {
        Tensor one = tensor(Datatype.INT32, 1, 2);
        Tensor other = tensor(Datatype.INT32, 3, 4);
        Tensor reshaped = new Tensor("x", Datatype.INT32, new long[] {1, 2}, one.data());
        Tensor column = new Tensor("x", Datatype.INT32, new long[] {2, 1}, one.data());

        Set<ByteBuffer> keys = Stream.of(
                        ResponseCache.key(List.of(one, other), ALL),
                        ResponseCache.key(List.of(other, one), ALL),
                        ResponseCache.key(List.of(one, one), ALL),
                        ResponseCache.key(List.of(one), ALL),
                        ResponseCache.key(List.of(reshaped, other), ALL),
                        ResponseCache.key(List.of(column, other), ALL),
                        ResponseCache.key(List.of(tensor(Datatype.FP32, 1, 2), other), ALL),
                        ResponseCache.key(List.of(one, other), List.of("y")),
                        ResponseCache.key(List.of(one, other), List.of("z")),
                        ResponseCache.key(List.of(one, other), List.of("yz")))
                .collect(Collectors.toSet());

        assertThat(keys).hasSize(10);
    }

    @Test
    void aKeyLeavesTheInputsAsTheyAre() {
        Tensor input = tensor(Datatype.INT32, 1, 2);

        ResponseCache.key(List.of(input), ALL);

        assertThat(input.data().remaining()).isEqualTo(8);
    }

    @Test
    void whatIsKeptIsACopy() {
        ResponseCache cache = cache(10_000);
        Tensor output = tensor(Datatype.INT32, 1, 2);
        cache.put(key(1), List.of(output));

        output.data().putInt(0, 99);

        assertThat(cache.get(key(1)).outputs()).containsExactly(tensor(Datatype.INT32, 1, 2));
        assertThat(cache.get(key(2))).isNull();
    }

    @Test
    void theLeastUsedAnswerGoesFirst() {
        ResponseCache cache = cache(2 * (ENTRY_BYTES + 8));
        cache.put(key(1), List.of(tensor(Datatype.INT32, 1, 1)));
        cache.put(key(2), List.of(tensor(Datatype.INT32, 2, 2)));
        cache.get(key(1));

        cache.put(key(3), List.of(tensor(Datatype.INT32, 3, 3)));

        assertThat(cache.get(key(1))).isNotNull();
        assertThat(cache.get(key(2))).isNull();
        assertThat(cache.get(key(3))).isNotNull();
    }

    @Test
    void anAnswerLargerThanAllTheRoomIsNotKeptAndPushesNothingOut() {
        ResponseCache cache = cache(ENTRY_BYTES + 8);
        cache.put(key(1), List.of(tensor(Datatype.INT32, 1, 1)));

        cache.put(key(2), List.of(tensor(Datatype.INT32, 1, 1, 1)));

        assertThat(cache.get(key(1))).isNotNull();
        assertThat(cache.get(key(2))).isNull();
    }

    @Test
    void whateverIsPutTheBytesAreBoundedAndAreThoseOfWhatIsKept() {
        long room = 5_000;
        Cases.forAll(200, random -> {
            ResponseCache cache = cache(room);
            for (int i = 0; i < 100; i++) {
                int question = random.nextInt(20);
                cache.put(key(question), List.of(RandomTensors.next(random, "y", Datatype.INT64, random.nextInt(300))));
                cache.get(key(random.nextInt(20)));

                assertThat(cache.heldBytes()).isBetween(0L, room);
            }
            long kept = 0;
            for (int question = 0; question < 20; question++) {
                ResponseCache.Known answer = cache.get(key(question));
                kept += answer == null
                        ? 0
                        : ENTRY_BYTES + answer.outputs().getFirst().data().remaining();
            }
            assertThat(cache.heldBytes()).isEqualTo(kept);
        });
    }

    @Test
    void aLargeAnswerThatWasGivenStaysUntilItIsWrittenWhateverPushesItOut() {
        ResponseCache cache = cache(100_000);
        Tensor large = RandomTensors.next(new Random(1), "y", Datatype.INT64, 10_000);
        cache.put(key(1), List.of(large));
        ResponseCache.Known given = cache.get(key(1));

        cache.put(key(2), List.of(RandomTensors.next(new Random(2), "y", Datatype.INT64, 10_000)));
        cache.close();

        assertThat(cache.get(key(1))).isNull();
        ByteBuffer data = given.outputs().getFirst().data();
        assertThat(data.isDirect()).isTrue();
        assertThat(data).isEqualTo(large.data());
        given.release().run();
        given.release().run();
        assertThatThrownBy(() -> data.get(0)).isInstanceOf(IllegalStateException.class);
        assertThat(cache.heldBytes()).isZero();
    }

    @Test
    void smallAnswersAndEntriesTakeNoMoreOfTheHeapThanTheyMay() {
        ResponseCache cache = new ResponseCache(1_000_000, 3 * (ENTRY_BYTES + 8));
        for (int question = 0; question < 10; question++) {
            cache.put(key(question), List.of(tensor(Datatype.INT32, question, question)));
        }

        assertThat(IntStream.range(0, 10).filter(question -> cache.get(key(question)) != null))
                .containsExactly(7, 8, 9);
        assertThat(cache.heldBytes()).isEqualTo(3 * (ENTRY_BYTES + 8));
    }

    private static ResponseCache cache(long maxBytes) {
        return new ResponseCache(maxBytes, maxBytes);
    }

    private static ByteBuffer key(int question) {
        return ByteBuffer.allocate(4).putInt(question).flip();
    }

    private static Tensor tensor(Datatype datatype, int... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            data.putInt(value);
        }
        return new Tensor("x", datatype, new long[] {values.length}, data.flip());
    }
}
