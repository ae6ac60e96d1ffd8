package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The file names other files, which nobody uploads and nothing may read. */
public final class ExternalData extends Refused {
    public ExternalData(String where) {
        super(
                Kind.INVALID,
                "The model keeps data outside of its file",
                "The model keeps data outside of its file (" + where
                        + "). Save it with all weights inside, in Python: onnx.save(model, path, save_as_external_data=False).");
    }
}
