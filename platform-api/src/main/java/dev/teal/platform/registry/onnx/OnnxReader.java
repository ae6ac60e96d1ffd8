package dev.teal.platform.registry.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.teal.platform.registry.domain.NotAnOnnxModel;
import dev.teal.protocol.oip.ModelSignature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a model's signature by walking the file's protobuf once. Weights are skipped, so memory does not grow with the file; everything that the
 * file says of itself is checked against limits first. What it can't see (an operator that asks for more memory than there is) is the worker's
 * to survive.
 */
public final class OnnxReader {
    private OnnxReader() {}

    /**
     * @throws dev.teal.platform.problem.domain.Refused saying what is wrong with the file
     * @throws UncheckedIOException if the disk fails
     */
    public static ModelSignature read(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            ProtoReader in = new ProtoReader(bytes, Files.size(file));
            try {
                ModelWalk walk = new ModelWalk(in);
                walk.model();
                return walk.signature();
            } catch (InvalidProtocolBufferException e) {
                throw new NotAnOnnxModel("its bytes are damaged or end too early, near byte " + in.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
