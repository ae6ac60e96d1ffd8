package dev.teal.protocol.oip;

import java.util.List;

/** Writes the JSON of requests and responses. */
final class InferenceWriter {
    private static final byte[] MODEL_NAME = JsonText.piece("{\"model_name\":");
    private static final byte[] MODEL_VERSION = JsonText.piece(",\"model_version\":");
    private static final byte[] ID = JsonText.piece("\"id\":");
    private static final byte[] COMMA = JsonText.piece(",");
    private static final byte[] BEGIN = JsonText.piece("{");
    private static final byte[] END = JsonText.piece("}");
    private static final byte[] INPUTS = JsonText.piece("\"inputs\":[");
    private static final byte[] OUTPUTS = JsonText.piece(",\"outputs\":[");
    private static final byte[] LIST_END = JsonText.piece("]");
    private static final byte[] PRIORITY = JsonText.piece("\"priority\":");
    private static final byte[] TIMEOUT = JsonText.piece("\"timeout\":");
    private static final byte[] PARAMETERS = JsonText.piece("\"parameters\":{");
    private static final byte[] BINARY_OUTPUT = JsonText.piece("\"binary_data_output\":true");
    private static final byte[] PARAMETERS_END = JsonText.piece("},");
    private static final byte[] NAME = JsonText.piece("{\"name\":");
    private static final byte[] BINARY_TRUE = JsonText.piece(",\"parameters\":{\"binary_data\":true");
    private static final byte[] BINARY_FALSE = JsonText.piece(",\"parameters\":{\"binary_data\":false");
    private static final byte[] CLASSIFICATION = JsonText.piece(",\"classification\":");
    private static final byte[] OUTPUT_END = JsonText.piece("}}");

    private InferenceWriter() {}

    static void write(InferenceResponse response, boolean[] binary, ByteWriter out) {
        JsonText.piece(MODEL_NAME, out);
        JsonText.string(response.modelName(), out);
        JsonText.piece(MODEL_VERSION, out);
        JsonText.string(response.modelVersion(), out);
        if (response.id() != null) {
            JsonText.piece(COMMA, out);
            JsonText.piece(ID, out);
            JsonText.string(response.id(), out);
        }
        JsonText.piece(OUTPUTS, out);
        tensors(response.outputs(), "output", binary, out);
        JsonText.piece(LIST_END, out);
        JsonText.piece(END, out);
    }

    private static void tensors(List<Tensor> tensors, String kind, boolean[] binary, ByteWriter out) {
        for (int i = 0; i < tensors.size(); i++) {
            if (i > 0) {
                JsonText.piece(COMMA, out);
            }
            TensorWriter.write(tensors.get(i), kind, binary[i], out);
        }
    }

    static void write(InferenceRequest request, boolean[] binary, ByteWriter out) {
        JsonText.piece(BEGIN, out);
        if (request.id() != null) {
            JsonText.piece(ID, out);
            JsonText.string(request.id(), out);
            JsonText.piece(COMMA, out);
        }
        parameters(request, out);
        JsonText.piece(INPUTS, out);
        tensors(request.inputs(), "input", binary, out);
        JsonText.piece(LIST_END, out);
        if (!request.outputs().isEmpty()) {
            JsonText.piece(OUTPUTS, out);
            for (int i = 0; i < request.outputs().size(); i++) {
                if (i > 0) {
                    JsonText.piece(COMMA, out);
                }
                output(request.outputs().get(i), request.binaryOutputs(), out);
            }
            JsonText.piece(LIST_END, out);
        }
        JsonText.piece(END, out);
    }

    private static void parameters(InferenceRequest request, ByteWriter out) {
        Schedule schedule = request.schedule();
        if (schedule.equals(Schedule.NONE) && !request.binaryOutputs()) {
            return;
        }
        JsonText.piece(PARAMETERS, out);
        boolean more = false;
        if (schedule.priority() != 0) {
            JsonText.piece(PRIORITY, out);
            JsonText.number(schedule.priority(), out);
            more = true;
        }
        if (schedule.timeoutMicros() != 0) {
            if (more) {
                JsonText.piece(COMMA, out);
            }
            JsonText.piece(TIMEOUT, out);
            JsonText.number(schedule.timeoutMicros(), out);
            more = true;
        }
        if (request.binaryOutputs()) {
            if (more) {
                JsonText.piece(COMMA, out);
            }
            JsonText.piece(BINARY_OUTPUT, out);
        }
        JsonText.piece(PARAMETERS_END, out);
    }

    private static void output(RequestedOutput output, boolean binaryOutputs, ByteWriter out) {
        JsonText.piece(NAME, out);
        JsonText.string(output.name(), out);
        if (output.binary() == binaryOutputs && output.classification() == 0) {
            JsonText.piece(END, out);
            return;
        }
        JsonText.piece(output.binary() ? BINARY_TRUE : BINARY_FALSE, out);
        if (output.classification() != 0) {
            JsonText.piece(CLASSIFICATION, out);
            JsonText.number(output.classification(), out);
        }
        JsonText.piece(OUTPUT_END, out);
    }
}
