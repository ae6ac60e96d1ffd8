package dev.teal.worker.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void everyPieceIsAlignedLittleEndianAndItsOwn() {
        Cases.forAll(30, random -> {
            try (NativeMemory memory = new NativeMemory()) {
                for (int round = 0; round < 3; round++) {
                    memory.reset();
                    List<ByteBuffer> pieces = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        int bytes = random.nextInt(random.nextInt(8) == 0 ? 300_000 : 5_000);
                        ByteBuffer piece = memory.allocate(bytes);
                        assertThat(piece.remaining()).isEqualTo(bytes);
                        assertThat(piece.position()).isZero();
                        assertThat(piece.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
                        assertThat(address(piece) % NativeMemory.ALIGNMENT).isZero();
                        fill(piece, (byte) i);
                        pieces.add(piece);
                    }
                    for (int i = 0; i < pieces.size(); i++) {
                        assertFilled(pieces.get(i), (byte) i);
                    }
                }
            }
        });
    }

    @Test
    void whatIsFreeIsUsedAgain() {
        try (NativeMemory memory = new NativeMemory()) {
            long first = address(memory.allocate(1_000));
            long second = address(memory.allocate(MEGABYTE));

            memory.reset();

            assertThat(address(memory.allocate(1_000))).isEqualTo(first);
            assertThat(address(memory.allocate(MEGABYTE))).isEqualTo(second);
        }
    }

    @Test
    void aMemoryThatIsFreedLeavesAnothersPiecesAlone() {
        try (NativeMemory now = new NativeMemory();
                NativeMemory ahead = new NativeMemory()) {
            ByteBuffer read = ahead.allocate(10_000);
            fill(read, (byte) 7);
            fill(now.allocate(10_000), (byte) 1);

            now.reset();
            fill(now.allocate(50_000), (byte) 2);

            assertFilled(read, (byte) 7);
            assertThat(ahead.holds(address(read))).isTrue();
            assertThat(now.holds(address(read))).isFalse();
        }
    }

    @Test
    void itKnowsWhatIsItsOwn() {
        try (NativeMemory memory = new NativeMemory()) {
            ByteBuffer piece = memory.allocate(3_000_000);

            assertThat(memory.holds(address(piece))).isTrue();
            assertThat(memory.holds(address(piece) + 2_999_999)).isTrue();
            assertThat(memory.holds(address(ByteBuffer.allocateDirect(8)))).isFalse();
            assertThat(memory.holds(0)).isFalse();
        }
    }

    @Test
    void whatAMonstrousRequestTookGoesBackToTheSystem() {
        try (NativeMemory memory = new NativeMemory()) {
            long small = address(memory.allocate(1_000));
            long monstrous = address(memory.allocate(70 * MEGABYTE));
            assertThat(memory.holds(monstrous)).isTrue();

            memory.reset();

            assertThat(memory.holds(monstrous)).isFalse();
            assertThat(memory.holds(small)).isTrue();
            assertThat(address(memory.allocate(1_000))).isEqualTo(small);
        }
    }

    @Test
    void manyLargePiecesAreNotKeptBeyondTheLimit() {
        try (NativeMemory memory = new NativeMemory()) {
            List<Long> addresses = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                addresses.add(address(memory.allocate(5 * MEGABYTE)));
            }

            memory.reset();

            assertThat(addresses.stream().filter(memory::holds).count()).isEqualTo(64 / 5);
        }
    }

    private static long address(ByteBuffer piece) {
        return MemorySegment.ofBuffer(piece).address();
    }

    private static void fill(ByteBuffer piece, byte value) {
        MemorySegment.ofBuffer(piece).fill(value);
    }

    private static void assertFilled(ByteBuffer piece, byte value) {
        for (int i = 0; i < piece.limit(); i++) {
            if (piece.get(i) != value) {
                throw new AssertionError("byte " + i + " is " + piece.get(i) + " and not " + value);
            }
        }
    }
}
