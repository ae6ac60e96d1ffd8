package dev.teal.protocol.grpc;

import static dev.teal.protocol.grpc.RequestMessages.bytes;
import static dev.teal.protocol.grpc.RequestMessages.input;
import static dev.teal.protocol.grpc.RequestMessages.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.oip.CountingAllocator;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.PiecedBody;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.wire.WireWriter;
import inference.InferTensorContents;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What memory is asked for, before and while a message is read. */
class ModelInferRequestMemoryTest {
    @Test
    void givenALargeTensorOfSmallElementsItIsTakenAsTheMessageHoldsIt() {
        int elements = 600_000_000;
        byte[] head = new WireWriter()
                .raw(request().addInputs(input("UINT8", elements)).build().toByteArray())
                .begin(7, elements)
                .toByteArray();

        assertThatThrownBy(() -> ModelInferRequest.read(new BodyOfZeros(head, elements), wanted -> {
                    throw new IllegalStateException(wanted + " bytes were asked for");
                }))
                .hasMessage("600000000 bytes were asked for");
    }

    @Test
    void givenAShapeThatClaimsMuchNoMemoryIsTakenForIt() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        CountingAllocator memory = new CountingAllocator();
        byte[] message = request()
                .addInputs(input("FP64", 1 << 27)
                        .setContents(InferTensorContents.newBuilder().addFp64Contents(random.nextDouble())))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> ModelInferRequest.read(new PiecedBody(message), memory))
                .isInstanceOf(InvalidInference.class);
        assertThat(memory.bytes()).isZero();
    }

    /** So many zeros behind a head. */
    private record BodyOfZeros(byte[] head, int zeros) implements RequestBody {
        @Override
        public int length() {
            return head.length + zeros;
        }

        @Override
        public void copy(int offset, byte[] to, int toOffset, int bytes) {
            for (int i = 0; i < bytes; i++) {
                to[toOffset + i] = offset + i < head.length ? head[offset + i] : 0;
            }
        }

        @Override
        public void copy(int offset, ByteBuffer to) {
            throw new UnsupportedOperationException();
        }
    }
}
