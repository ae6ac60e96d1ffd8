package dev.teal.worker.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.Tensor;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatheredTest {
    private static final byte[] BEFORE = "before".getBytes();

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 1_000, 100_000})
    void allStandsInItsOrderWhetherItIsCopiedOrNot(int mostBytes) {
        Cases.forAll(100, random -> {
            ByteWriter text = new ByteWriter();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            expected.writeBytes(BEFORE);
            int[] cuts = new int[random.nextInt(5)];
            List<Tensor> outputs = new ArrayList<>();
            for (int i = 0; i < cuts.length; i++) {
                byte[] words = "x".repeat(random.nextInt(3)).getBytes();
                byte[] blob = new byte[random.nextInt(mostBytes + 1)];
                random.nextBytes(blob);
                write(words, text);
                cuts[i] = text.size();
                outputs.add(output(ByteBuffer.wrap(blob)));
                expected.writeBytes(words);
                expected.writeBytes(blob);
            }
            byte[] end = "y".repeat(random.nextInt(3)).getBytes();
            write(end, text);
            expected.writeBytes(end);

            Gathered all = Gathered.of(BEFORE, text, cuts, outputs, Unpooled::buffer);

            assertThat(ByteBufUtil.getBytes(all.bytes())).isEqualTo(expected.toByteArray());
            assertThat(all.bytes().release()).isTrue();
        });
    }

    @Test
    void givenMoreThan32KiBOfOutputsTheyStayTheModelsMemory() {
        assertThat(seesChanges(32 << 10)).isFalse();
        assertThat(seesChanges((32 << 10) + 1)).isTrue();
    }

    private static boolean seesChanges(int bytes) {
        ByteBuffer memory = ByteBuffer.allocateDirect(bytes);

        Gathered all =
                Gathered.of(new byte[0], new ByteWriter(), new int[] {0}, List.of(output(memory)), Unpooled::buffer);

        memory.put(0, (byte) 7);
        boolean seen = all.bytes().getByte(0) == 7;
        assertThat(all.isOwn()).isEqualTo(!seen);
        return seen;
    }

    @Test
    void givenMoreThanAnAnswerCanHoldItIsRefusedWithBothNumbers(@TempDir Path directory) throws IOException {
        try (FileChannel sparse = FileChannel.open(
                directory.resolve("memory"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            Tensor large = output(sparse.map(FileChannel.MapMode.READ_WRITE, 0, 1_500_000_000));

            assertThatThrownBy(() -> Gathered.of(
                            BEFORE, new ByteWriter(), new int[] {0, 0}, List.of(large, large), Unpooled::buffer))
                    .isInstanceOf(InvalidInference.class)
                    .hasMessage("the answer would have 3000000006 bytes; 2147483583 is the most");
        }
    }

    private static Tensor output(ByteBuffer data) {
        return new Tensor("y", Datatype.UINT8, new long[] {data.remaining()}, data);
    }

    private static void write(byte[] words, ByteWriter to) {
        System.arraycopy(words, 0, to.room(words.length), to.size(), words.length);
        to.advance(words.length);
    }
}
