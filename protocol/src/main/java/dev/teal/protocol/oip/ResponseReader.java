package dev.teal.protocol.oip;

import java.util.List;

/** Reads one response, for clients. */
final class ResponseReader {
    private static final byte[][] FIELDS = JsonObject.names("id", "model_name", "model_version", "outputs");

    private ResponseReader() {}

    static InferenceResponse read(TensorSource source) {
        JsonCursor cursor = source.cursor();
        String id = null;
        String modelName = null;
        String modelVersion = null;
        List<Tensor> outputs = null;
        JsonObject response = new JsonObject(cursor, FIELDS, "the response", -1);
        while (response.next()) {
            switch (response.field()) {
                case 0 -> id = cursor.text("id", RequestLimits.ID_BYTES);
                case 1 -> modelName = cursor.text("model_name");
                case 2 -> modelVersion = cursor.text("model_version");
                case 3 -> outputs = TensorReader.readAll(source, "outputs");
                default -> cursor.skipValue();
            }
        }
        cursor.requireEnd();
        if (modelName == null || outputs == null) {
            throw new InvalidInference("the response needs 'model_name' and 'outputs'");
        }
        if (source.binary() != null) {
            source.binary().requireEnd();
        }
        return new InferenceResponse(modelName, modelVersion == null ? "" : modelVersion, id, outputs);
    }
}
