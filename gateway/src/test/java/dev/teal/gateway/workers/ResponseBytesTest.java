package dev.teal.gateway.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.gateway.answer.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseBytesTest {
    private static final long LIMIT = 1_000_000;

    private final AtomicLong taken = new AtomicLong();

    private boolean take(long bytes) {
        return taken.addAndGet(bytes) <= LIMIT;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, true", "1, 100, true", "65536, 1000, true", "65537, 1000, true", "1000000, 65536, true",
        "0, 100, false", "1, 100, false", "16384, 100, false", "16385, 5000, false", "900000, 65536, false"
    })
    void allBytesComeOutInOrderAndAreTaken(int size, int atOnce, boolean announced) {
        byte[] sent = new byte[size];
        new Random(size).nextBytes(sent);

        ResponseBytes bytes = new ResponseBytes(announced ? size : -1, LIMIT, this::take);
        for (int from = 0; from < size; from += atOnce) {
            bytes.add(Unpooled.wrappedBuffer(sent, from, Math.min(atOnce, size - from)));
        }
        Pieces pieces = bytes.all();

        assertThat(pieces.joined()).isEqualTo(sent);
        assertThat(pieces.bytes()).isEqualTo(size);
        assertThat(taken.get()).isBetween((long) size, size + (announced ? 0L : ResponseBytes.PIECE_BYTES));
    }

    @Test
    void whatIsTooLargeIsToldAsSoonAsItIsKnown() {
        assertThatThrownBy(() -> new ResponseBytes(LIMIT + 1, LIMIT, this::take))
                .isInstanceOf(ResponseBytes.TooLarge.class);
        assertThat(taken).hasValue(0);

        ResponseBytes bytes = new ResponseBytes(-1, 10, this::take);
        bytes.add(Unpooled.wrappedBuffer(new byte[10]));
        ByteBuf more = Unpooled.wrappedBuffer(new byte[1]);
        assertThatThrownBy(() -> bytes.add(more)).isInstanceOf(ResponseBytes.TooLarge.class);
    }

    @Test
    void whereThereIsNoMemoryNothingIsRead() {
        assertThatThrownBy(() -> new ResponseBytes(1, LIMIT, _ -> false)).isInstanceOf(ResponseBytes.NoMemory.class);

        ResponseBytes unannounced = new ResponseBytes(-1, LIMIT, _ -> false);
        ByteBuf first = Unpooled.wrappedBuffer(new byte[1]);
        assertThatThrownBy(() -> unannounced.add(first)).isInstanceOf(ResponseBytes.NoMemory.class);
    }
}
