package dev.teal.worker.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceCodec;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.run.Failure;
import dev.teal.worker.run.NoRoomForAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TextMemoryTest {
    private final TextMemory memory = new TextMemory(8_000_000);
    private final List<ByteBuf> buffers = new ArrayList<>();

    @AfterEach
    void nothingIsKept() {
        assertThat(memory.held()).isZero();
        assertThat(buffers).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }

    private ByteBuf buffer(int bytes) {
        buffers.add(Unpooled.buffer(bytes));
        return buffers.getLast();
    }

    private Gathered written(Tensor output, boolean binary) {
        ByteWriter json = new ByteWriter();
        AnswerText text = new AnswerText(memory, this::buffer);
        json.passTo(text);
        try {
            InferenceCodec.write(response(output), new boolean[] {binary}, json);
            return text.with(json, binary ? List.of(output) : List.of());
        } catch (RuntimeException e) {
            text.drop();
            throw e;
        }
    }

    private static InferenceResponse response(Tensor output) {
        return new InferenceResponse("m", "1", null, List.of(output));
    }

    private static Tensor output(int elements) {
        return RandomTensors.next(RandomGenerator.of("L64X128MixRandom"), "y", Datatype.INT32, elements);
    }

    @Test
    void largeTextLeavesInPiecesAndIsTheSame() {
        Tensor output = output(200_000);
        ByteWriter whole = new ByteWriter();
        InferenceCodec.write(response(output), new boolean[1], whole);

        Gathered text = written(output, false);

        assertThat(text.isOwn()).isTrue();
        assertThat(ByteBufUtil.getBytes(text.bytes())).isEqualTo(whole.toByteArray());
        assertThat(buffers).hasSizeGreaterThan(2).allMatch(buffer -> buffer.capacity() < 600_000);
        assertThat(memory.held()).isEqualTo(whole.size());
        text.bytes().release();
    }

    @Test
    void smallTextIsNotCounted() {
        Gathered text = written(output(100), false);

        assertThat(memory.held()).isZero();
        text.bytes().release();
    }

    @Test
    void givenOneAnswerOfMoreThanHalfItIsToldWhatToDo() {
        assertThatThrownBy(() -> written(output(500_000), false))
                .isInstanceOf(InvalidInference.class)
                .hasMessage("the answer would have more than 4 MB as JSON; ask for binary data (binary_data_output),"
                        + " or for fewer elements");
        Gathered binary = written(output(500_000), true);
        assertThat(binary.isOwn()).isFalse();
        binary.bytes().release();
    }

    @Test
    void givenOthersAreNotYetReadItIsTheWorkerThatHasNoRoom() {
        Gathered first = written(output(300_000), false);
        Gathered second = written(output(300_000), false);

        assertThatThrownBy(() -> written(output(300_000), false))
                .isInstanceOfSatisfying(
                        NoRoomForAnswer.class,
                        refused -> assertThat(refused.failure().kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        first.bytes().release();
        second.bytes().release();
        written(output(300_000), false).bytes().release();
    }
}
