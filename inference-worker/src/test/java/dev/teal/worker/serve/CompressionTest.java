package dev.teal.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.run.BodyTooLarge;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            -                                | -
            ''                               | -
            gzip                             | GZIP
            deflate                          | DEFLATE
            GZIP                             | GZIP
            x-gzip                           | GZIP
            gzip, deflate                    | GZIP
            deflate, gzip                    | DEFLATE
            deflate;q=0.5, gzip;q=0.5        | DEFLATE
            gzip;q=0.1, deflate;q=0.2        | DEFLATE
            gzip ; q=0.9 , deflate ; q=0.2   | GZIP
            gzip;q=0                         | -
            gzip;q=0, deflate;q=0.001        | DEFLATE
            br, zstd;q=1.0, gzip;q=0.1       | GZIP
            br                               | -
            *                                | -
            identity                         | -
            identity, gzip                   | -
            gzip, identity                   | GZIP
            identity;q=0.5, gzip;q=1         | GZIP
            identity;q=1, gzip;q=0.5         | -
            gzip;q=x, deflate;q=0.1          | DEFLATE
            gzip;q=NaN                       | -
            gzip;q=7                         | GZIP
            gzip;q=-1                        | -
            ;;;,,,;q=1,gzip                  | GZIP
            """)
    void theBestLikedIsChosenAndTheFirstOfThoseLikedAlike(String accepted, Compression chosen) {
        assertThat(Compression.chosen(accepted, 100_000)).isEqualTo(chosen);
    }

    @Test
    void smallAnswersAreNotPacked() {
        assertThat(Compression.chosen("gzip", 1_023)).isNull();
        assertThat(Compression.chosen("gzip", 1_024)).isEqualTo(Compression.GZIP);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsPackedIsUnpackedToTheSame(Compression compression) {
        Cases.forAll(50, random -> {
            byte[] plain = new byte[random.nextInt(random.nextBoolean() ? 10 : 100_000)];
            random.nextBytes(plain);
            Arrays.fill(plain, 0, plain.length / 2, (byte) 'x');

            assertThat(bytes(compression.unpack(packed(compression, plain), plain.length, TensorAllocator.HEAP)))
                    .isEqualTo(plain);
        });
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aBombStopsAtTheLimit(Compression compression) {
        ByteBuf bomb = packed(compression, new byte[50_000_000]);
        assertThat(bomb.readableBytes()).isLessThan(300_000);

        assertThatThrownBy(() -> compression.unpack(bomb, 1_000_000, TensorAllocator.HEAP))
                .isInstanceOf(BodyTooLarge.class)
                .hasMessage(
                        "the request is larger than the limit of 1000000 bytes; send less at once, or raise bodyLimit in the endpoint's configuration");
        assertThat(bomb.readableBytes()).as("what was not even read").isGreaterThan(0);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void justTheLimitIsNotTooLarge(Compression compression) {
        byte[] plain = new byte[1_000];

        assertThat(compression
                        .unpack(packed(compression, plain), 1_000, TensorAllocator.HEAP)
                        .length())
                .isEqualTo(1_000);
        assertThatThrownBy(() -> compression.unpack(packed(compression, plain), 999, TensorAllocator.HEAP))
                .isInstanceOf(BodyTooLarge.class);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsCutOrIsSomethingElseIsToldSo(Compression compression) {
        byte[] plain = new byte[10_000];
        RandomGenerator.getDefault().nextBytes(plain);
        byte[] whole = ByteBufUtil.getBytes(packed(compression, plain));
        String words = "the body is not " + compression.token() + " as its Content-Encoding says";
        for (int length : new int[] {0, 1, 5, whole.length / 2, whole.length - 1}) {
            assertThatThrownBy(() ->
                            compression.unpack(Unpooled.wrappedBuffer(whole, 0, length), 100_000, TensorAllocator.HEAP))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(InvalidInference.class)
                    .hasMessage(words);
        }
        assertThatThrownBy(() -> compression.unpack(
                        Unpooled.copiedBuffer("{\"inputs\":[]}".getBytes()), 100_000, TensorAllocator.HEAP))
                .isInstanceOf(InvalidInference.class)
                .hasMessage(words);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatFollowsThePackedBytesIsNotPassedOver(Compression compression) {
        Cases.forAll(300, random -> {
            // Around the bytes that are read at once, where what follows is in another reading
            byte[] plain = new byte[random.nextInt(16_300, 16_450)];
            random.nextBytes(plain);
            ByteBuf whole = packed(compression, plain);
            byte[] more = new byte[1 + random.nextInt(random.nextBoolean() ? 12 : 20_000)];
            random.nextBytes(more);
            ByteBuf followed = Unpooled.copiedBuffer(whole, Unpooled.wrappedBuffer(more));

            assertThat(bytes(compression.unpack(whole, 100_000, TensorAllocator.HEAP)))
                    .isEqualTo(plain);
            assertThatThrownBy(() -> compression.unpack(followed, 100_000, TensorAllocator.HEAP))
                    .isInstanceOf(InvalidInference.class)
                    .hasMessageStartingWith("unexpected additional input data");
        });
    }

    @Test
    void gzipMayComeInSeveralMembers() {
        Cases.forAll(100, random -> {
            byte[] one = new byte[random.nextInt(40_000)];
            byte[] other = new byte[random.nextInt(100)];
            random.nextBytes(one);
            random.nextBytes(other);
            ByteBuf both = Unpooled.copiedBuffer(packed(Compression.GZIP, one), packed(Compression.GZIP, other));

            assertThat(bytes(Compression.GZIP.unpack(both, 100_000, TensorAllocator.HEAP)))
                    .isEqualTo(bytes(RequestBody.of(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(one, other)))));
        });
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void unpackedBytesAreCopiedFromAnywhere(Compression compression) {
        byte[] plain = new byte[300_000];
        RandomGenerator.getDefault().nextBytes(plain);
        RequestBody body = compression.unpack(packed(compression, plain), plain.length, TensorAllocator.HEAP);
        Cases.forAll(200, random -> {
            int from = random.nextInt(plain.length + 1);
            byte[] part = new byte[random.nextInt(plain.length - from + 1)];
            java.nio.ByteBuffer other = java.nio.ByteBuffer.allocate(part.length);

            body.copy(from, part, 0, part.length);
            body.copy(from, other);

            assertThat(part).isEqualTo(Arrays.copyOfRange(plain, from, from + part.length));
            assertThat(other.array()).isEqualTo(part);
        });
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void theBeginningIsThereWithoutTheRest(Compression compression) {
        byte[] plain = new byte[100_000];
        RandomGenerator.getDefault().nextBytes(plain);
        ByteBuf packed = packed(compression, plain);

        assertThat(bytes(compression.unpackHead(packed))).isEqualTo(Arrays.copyOf(plain, 8 << 10));
        assertThat(packed.readerIndex()).isZero();
        assertThat(bytes(compression.unpackHead(Unpooled.wrappedBuffer(new byte[3]))))
                .isEmpty();
    }

    private static ByteBuf packed(Compression compression, byte[] plain) {
        ByteBuf packed = Unpooled.buffer();
        compression.pack(Unpooled.wrappedBuffer(plain), packed);
        return packed;
    }

    private static byte[] bytes(RequestBody body) {
        byte[] bytes = new byte[body.length()];
        body.copy(0, bytes, 0, bytes.length);
        return bytes;
    }
}
