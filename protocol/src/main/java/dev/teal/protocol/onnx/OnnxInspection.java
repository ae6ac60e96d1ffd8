package dev.teal.protocol.onnx;

import dev.teal.protocol.oip.ModelSignature;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a model's signature by walking the file's protobuf once. Weights are passed over, so neither time nor memory grows with them; everything
 * that the file says of itself is held to limits first. The registry asks it at the upload and a worker once more before ONNX Runtime sees the
 * file. What it can't see (an operator that asks for more memory than there is) is the worker's to survive.
 */
public final class OnnxInspection {
    /** Protobuf's own limit, at which a runtime's reader gives up. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    private OnnxInspection() {}

    /**
     * @throws OnnxRefused saying what is wrong with the file
     * @throws IOException if the disk fails
     */
    public static ModelSignature read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            return read(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    /**
     * @param file all of its bytes, which must not change meanwhile
     * @throws OnnxRefused saying what is wrong with them
     */
    public static ModelSignature read(MemorySegment file) {
        if (file.byteSize() > MOST_BYTES) {
            throw OnnxRefused.overLimit("it has more than " + MOST_BYTES + " bytes");
        }
        OtherFormats.refuse(file);
        return new ModelWalk(file).model();
    }
}
