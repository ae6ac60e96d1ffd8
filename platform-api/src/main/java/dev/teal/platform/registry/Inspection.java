package dev.teal.platform.registry;

import dev.teal.platform.problem.domain.Refused;
import dev.teal.platform.registry.domain.ExternalData;
import dev.teal.platform.registry.domain.NotAnOnnxModel;
import dev.teal.platform.registry.domain.UnsupportedOperators;
import dev.teal.platform.registry.domain.UnsupportedTensor;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.onnx.OnnxInspection;
import dev.teal.protocol.onnx.OnnxRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Looks through an uploaded model; what it is refused for becomes a problem. */
final class Inspection {
    private Inspection() {}

    /** @throws Refused saying what is wrong with the file */
    static ModelSignature read(Path file) {
        try {
            return OnnxInspection.read(file);
        } catch (OnnxRefused e) {
            Refused refused = refused(e);
            refused.initCause(e);
            throw refused;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Refused refused(OnnxRefused refused) {
        return switch (refused.reason()) {
            case NOT_A_MODEL, OVER_A_LIMIT, WRONG_SIZE -> new NotAnOnnxModel(refused.detail());
            case EXTERNAL_DATA -> new ExternalData(refused.detail());
            case OPERATORS -> new UnsupportedOperators(refused.detail());
            case TENSOR -> new UnsupportedTensor(refused.detail());
        };
    }
}
