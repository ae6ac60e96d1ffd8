package dev.teal.protocol.oip;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.ByteArrayBuilder;

/**
 * The JSON of the Open Inference Protocol, read and written as a stream. Any bytes give a value or {@link InvalidInference}, with memory in
 * proportion to the bytes and not to what they claim. Beyond RFC 8259, {@code NaN}, {@code Infinity} and {@code -Infinity} are numbers, as
 * existing servers and clients have it. How many bytes there may be is the caller's to limit.
 */
public final class InferenceJson {
    static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private InferenceJson() {}

    public static InferenceRequest readRequest(byte[] body) {
        return read(body, parser -> request(parser, body));
    }

    public static InferenceRequest readRequest(InputStream body) throws IOException {
        return readRequest(body.readAllBytes());
    }

    /** For clients. */
    public static InferenceResponse readResponse(byte[] body) {
        return read(body, parser -> response(parser, body));
    }

    /** @throws InvalidInference if a BYTES element is not UTF-8, so that JSON can't carry it */
    public static byte[] write(InferenceResponse response) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
            write(response, bytes);
            return bytes.toByteArray();
        }
    }

    /** Like {@link #write(InferenceResponse)}, into a stream that stays open. */
    public static void write(InferenceResponse response, OutputStream out) {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", response.modelName());
            json.writeStringProperty("model_version", response.modelVersion());
            if (response.id() != null) {
                json.writeStringProperty("id", response.id());
            }
            writeTensors(json, "outputs", response.outputs());
            json.writeEndObject();
        }
    }

    /** For clients. @throws InvalidInference if a BYTES element is not UTF-8 */
    public static byte[] write(InferenceRequest request) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
            try (JsonGenerator json = generator(bytes)) {
                json.writeStartObject();
                if (request.id() != null) {
                    json.writeStringProperty("id", request.id());
                }
                writeTensors(json, "inputs", request.inputs());
                if (!request.outputs().isEmpty()) {
                    json.writeArrayPropertyStart("outputs");
                    for (RequestedOutput output : request.outputs()) {
                        json.writeStartObject();
                        json.writeStringProperty("name", output.name());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                }
                json.writeEndObject();
            }
            return bytes.toByteArray();
        }
    }

    private static JsonGenerator generator(OutputStream out) {
        return FACTORY.createGenerator(new ObjectWriteContext.Base() {}, new Unclosed(out));
    }

    private static void writeTensors(JsonGenerator json, String property, List<Tensor> tensors) {
        json.writeArrayPropertyStart(property);
        for (Tensor tensor : tensors) {
            TensorWriter.write(json, tensor);
        }
        json.writeEndArray();
    }

    interface Reading<T> {
        T from(JsonParser parser);
    }

    /** Reads one JSON value that is the whole of the bytes. */
    static <T> T read(byte[] body, Reading<T> reading) {
        requireUtf8Signature(body);
        try (JsonParser parser = parser(body, 0)) {
            parser.nextToken();
            T value = reading.from(parser);
            if (parser.nextToken() != null) {
                throw new InvalidInference("the JSON value is followed by something else; send one value only");
            }
            return value;
        } catch (JacksonException e) {
            throw invalid(e);
        }
    }

    /** A parser of what starts at an offset; what comes after that value is not looked at. */
    static JsonParser parser(byte[] body, int offset) {
        return FACTORY.createParser(ObjectReadContext.empty(), body, offset, body.length - offset);
    }

    /** Byte offsets are kept while reading, so the encoding must be the one that they are of. */
    private static void requireUtf8Signature(byte[] body) {
        if (body.length > 0 && (body[0] & 0xff) >= 0xef) {
            throw new InvalidInference("the body must be JSON in UTF-8 without a byte order mark");
        }
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0) {
                throw new InvalidInference("the body must be JSON in UTF-8, not in UTF-16 or UTF-32");
            }
        }
    }

    static InvalidInference invalid(JacksonException e) {
        String where = e.getLocation() == null || e.getLocation().getByteOffset() < 0
                ? ""
                : " near byte " + e.getLocation().getByteOffset();
        return new InvalidInference("failed to parse the JSON" + where + ": " + reason(e), e);
    }

    /** What the parser says, without its notes on where it read from: those name settings of ours. */
    private static String reason(JacksonException e) {
        String message = e.getOriginalMessage();
        int note = message.indexOf("[Source:");
        return note < 0 ? message : message.substring(0, note).replaceAll("[ (]*(start marker at|at)?[ (]*$", "");
    }

    private static InferenceRequest request(JsonParser parser, byte[] body) {
        requireObject(parser, "the request");
        String id = null;
        List<Tensor> inputs = null;
        List<String> outputs = List.of();
        Set<String> seen = new HashSet<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            requireOnce(seen, name, "the request");
            parser.nextToken();
            switch (name) {
                case "id" -> id = text(parser, "id");
                case "inputs" -> inputs = tensors(parser, body, "inputs");
                case "outputs" -> outputs = requestedOutputs(parser);
                default -> parser.skipChildren();
            }
        }
        if (inputs == null) {
            throw new InvalidInference("the request needs 'inputs', an array of tensors");
        }
        return new InferenceRequest(id, inputs, outputs);
    }

    private static InferenceResponse response(JsonParser parser, byte[] body) {
        requireObject(parser, "the response");
        String id = null;
        String modelName = null;
        String modelVersion = null;
        List<Tensor> outputs = null;
        Set<String> seen = new HashSet<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            requireOnce(seen, name, "the response");
            parser.nextToken();
            switch (name) {
                case "id" -> id = text(parser, "id");
                case "model_name" -> modelName = text(parser, "model_name");
                case "model_version" -> modelVersion = text(parser, "model_version");
                case "outputs" -> outputs = tensors(parser, body, "outputs");
                default -> parser.skipChildren();
            }
        }
        if (modelName == null || outputs == null) {
            throw new InvalidInference("the response needs 'model_name' and 'outputs'");
        }
        return new InferenceResponse(modelName, modelVersion == null ? "" : modelVersion, id, outputs);
    }

    /** Reads an array of tensors of different names. */
    static List<Tensor> tensors(JsonParser parser, byte[] body, String what) {
        requireArray(parser, what);
        List<Tensor> tensors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int index = tensors.size();
            Tensor tensor = TensorReader.read(parser, body, () -> what + "[" + index + "]");
            if (!names.add(tensor.name())) {
                throw new InvalidInference(
                        "'" + tensor.name() + "' already exists in " + what + "; name each tensor once");
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private static List<String> requestedOutputs(JsonParser parser) {
        requireArray(parser, "outputs");
        Set<String> names = new HashSet<>();
        List<String> outputs = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String output = requestedOutput(parser, "outputs[" + outputs.size() + "]");
            if (!names.add(output)) {
                throw new InvalidInference("output '" + output + "' already exists in request; name each output once");
            }
            outputs.add(output);
        }
        return outputs;
    }

    private static String requestedOutput(JsonParser parser, String where) {
        requireObject(parser, where);
        String output = null;
        Set<String> seen = new HashSet<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            requireOnce(seen, name, where);
            parser.nextToken();
            if (name.equals("name")) {
                output = text(parser, where + ".name");
            } else {
                parser.skipChildren();
            }
        }
        if (output == null) {
            throw new InvalidInference(where + " needs a 'name'");
        }
        return output;
    }

    static @Nullable String text(JsonParser parser, String where) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new InvalidInference("'" + where + "' must be a string");
        }
        return parser.getString();
    }

    static void requireOnce(Set<String> seen, String name, String where) {
        if (!seen.add(name)) {
            throw new InvalidInference(where + " has '" + name + "' twice; give it once");
        }
    }

    static void requireOnce(Set<String> seen, String name, Supplier<String> where) {
        if (!seen.add(name)) {
            throw new InvalidInference(where.get() + " has '" + name + "' twice; give it once");
        }
    }

    static void requireObject(JsonParser parser, String where) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new InvalidInference(where + " must be a JSON object");
        }
    }

    static void requireArray(JsonParser parser, String where) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new InvalidInference("'" + where + "' must be a JSON array");
        }
    }

    /** A generator closes what it writes to, also with the feature for that off, when it fails. */
    private static final class Unclosed extends java.io.FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
