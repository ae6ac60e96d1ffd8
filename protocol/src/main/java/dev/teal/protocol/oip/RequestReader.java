package dev.teal.protocol.oip;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one request. */
final class RequestReader {
    private static final byte[][] FIELDS = JsonObject.names("id", "inputs", "outputs", "parameters");
    private static final byte[][] PARAMETERS = JsonObject.names(
            "priority", "timeout", "binary_data_output", "sequence_id", "sequence_start", "sequence_end");

    private final TensorSource source;
    private final JsonCursor cursor;
    private @Nullable String id;
    private @Nullable List<Tensor> inputs;
    private @Nullable OutputReader outputs;
    private long priority;
    private long timeoutMicros;
    private boolean binaryOutputs;

    RequestReader(TensorSource source) {
        this.source = source;
        this.cursor = source.cursor();
    }

    InferenceRequest read() {
        JsonObject request = new JsonObject(cursor, FIELDS, "the request", -1);
        while (request.next()) {
            switch (request.field()) {
                case 0 -> id = cursor.text("id", RequestLimits.ID_BYTES);
                case 1 -> inputs = TensorReader.readAll(source, "inputs");
                case 2 -> outputs = new OutputReader(cursor).read();
                case 3 -> parameters();
                default -> cursor.skipValue();
            }
        }
        cursor.requireEnd();
        if (inputs == null) {
            throw new InvalidInference("the request needs 'inputs', an array of tensors");
        }
        if (source.binary() != null) {
            source.binary().requireEnd();
        }
        return new InferenceRequest(
                id, schedule(), inputs, outputs == null ? List.of() : outputs.outputs(binaryOutputs), binaryOutputs);
    }

    private Schedule schedule() {
        return priority == 0 && timeoutMicros == 0 ? Schedule.NONE : new Schedule(priority, timeoutMicros);
    }

    private void parameters() {
        if (!Parameters.present(cursor)) {
            return;
        }
        JsonObject parameters = new JsonObject(cursor, PARAMETERS, "'parameters' of the request", -1);
        while (parameters.next()) {
            switch (parameters.field()) {
                case 0 -> priority = Parameters.unsigned64(cursor, "priority");
                case 1 -> timeoutMicros = Parameters.unsigned64(cursor, "timeout");
                case 2 -> binaryOutputs = Parameters.flag(cursor, "binary_data_output");
                case 3 -> sequence();
                case 4, 5 -> Parameters.flag(cursor, parameters.name());
                default -> Parameters.custom(cursor, parameters.name());
            }
        }
    }

    /** Sequences mean nothing here: each request stands alone. */
    private void sequence() {
        if (cursor.token() == '"') {
            cursor.string();
        } else {
            Parameters.unsigned64(cursor, "sequence_id");
        }
    }
}
