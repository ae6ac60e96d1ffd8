package dev.teal.worker.serve;

import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.bytes.Gathered;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.IntFunction;

/** How a request is written in a plain body, and its answer. */
public interface Encoding {
    /** What can be told without reading all of it. @param isCut whether only the body's beginning is there */
    Glance glance(RequestBody body, boolean isCut);

    /** @throws dev.teal.protocol.oip.InvalidInference saying what is wrong with it */
    InferenceRequest read(RequestBody body, TensorAllocator memory);

    /**
     * @param buffers gives a buffer for so many bytes
     * @throws dev.teal.protocol.oip.InvalidInference if an output can't be written so, or all is too much
     */
    Written write(InferenceRequest request, InferenceResponse response, IntFunction<ByteBuf> buffers);

    /** @param headers that say how to read it */
    record Written(Gathered all, HttpHeaders headers) {}
}
