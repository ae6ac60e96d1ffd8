package dev.teal.protocol.oip;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the outputs that a request asks for. Which are binary is known at its end: the request's own word holds where they say nothing. */
final class OutputReader {
    private static final int MAX_CLASSES = 1_000_000;
    private static final byte[][] FIELDS = JsonObject.names("name", "parameters");
    private static final byte[][] PARAMETERS = JsonObject.names("binary_data", "classification");

    private final JsonCursor cursor;
    private final List<Asked> outputs = new ArrayList<>(4);
    private final Set<String> names = new HashSet<>();

    private record Asked(String name, @Nullable Boolean binary, int classification) {}

    OutputReader(JsonCursor cursor) {
        this.cursor = cursor;
    }

    OutputReader read() {
        cursor.requireArray("outputs");
        for (boolean more = cursor.beginArray(); more; more = cursor.nextElement()) {
            RequestLimits.requireTensors(outputs.size(), "outputs");
            Asked output = output(new JsonObject(cursor, FIELDS, "outputs", outputs.size()));
            if (!names.add(output.name())) {
                throw new InvalidInference(
                        "output '" + output.name() + "' already exists in request; name each output once");
            }
            outputs.add(output);
        }
        return this;
    }

    List<RequestedOutput> outputs(boolean binaryOutputs) {
        List<RequestedOutput> requested = new ArrayList<>(outputs.size());
        for (Asked output : outputs) {
            boolean binary = output.binary() == null ? binaryOutputs : output.binary();
            requested.add(new RequestedOutput(output.name(), binary, output.classification()));
        }
        return requested;
    }

    private Asked output(JsonObject object) {
        String name = null;
        Asked asked = new Asked("", null, 0);
        while (object.next()) {
            switch (object.field()) {
                case 0 -> name = cursor.text("name");
                case 1 -> asked = Parameters.present(cursor) ? parameters() : asked;
                default -> cursor.skipValue();
            }
        }
        if (name == null) {
            throw new InvalidInference(object.where() + " needs a 'name'");
        }
        return new Asked(name, asked.binary(), asked.classification());
    }

    private Asked parameters() {
        Boolean binary = null;
        int classification = 0;
        JsonObject parameters = new JsonObject(cursor, PARAMETERS, "'parameters' of an output", -1);
        while (parameters.next()) {
            switch (parameters.field()) {
                case 0 -> binary = Parameters.flag(cursor, "binary_data");
                case 1 ->
                    classification = (int)
                            Math.min(MAX_CLASSES, Parameters.unsigned(cursor, "classification", 1, Long.MAX_VALUE));
                default -> Parameters.custom(cursor, parameters.name());
            }
        }
        return new Asked("", binary, classification);
    }
}
