package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.RequestLimits;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.wire.WireType;
import org.jspecify.annotations.Nullable;

/**
 * The message of {@code ModelInfer}, and each of {@code ModelStreamInfer}.
 *
 * @param version null where it names none
 * @param finalResponse whether a stream's answer is to say that it is the last one to this request
 */
public record ModelInferRequest(
        String model, @Nullable String version, boolean finalResponse, InferenceRequest request) {

    /** Whom a message is for. @param version null where it names none */
    public record Target(String model, @Nullable String version) {}

    /** @throws InvalidInference saying what is wrong with it */
    public static ModelInferRequest read(RequestBody message, TensorAllocator memory) {
        return new ModelInferReader(message, memory).read();
    }

    /**
     * Looks for the model's name and version, and at nothing else.
     *
     * @throws InvalidInference if there is no name, or no message
     */
    public static Target targetOf(RequestBody message) {
        WireReader reader = new WireReader(message);
        String model = "";
        String version = "";
        while (reader.more()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireType.BYTES -> model = ModelInferReader.name(reader, "the model's name");
                case 2 << 3 | WireType.BYTES -> version = ModelInferReader.name(reader, "the model's version");
                default -> reader.skip(tag);
            }
        }
        return target(model, version);
    }

    /** As far as it can be told without reading the rest, or of a message that is cut; what is wrong is for {@link #read} to say. */
    public static Glance glanceOf(RequestBody message) {
        Schedule schedule = Schedule.NONE;
        long rows = -1;
        try {
            WireReader reader = new WireReader(message);
            Parameters parameters = Parameters.NONE;
            while (reader.more()) {
                int tag = reader.tag();
                if (tag == (4 << 3 | WireType.BYTES)) {
                    parameters = parameters.read(reader);
                    schedule = schedule(parameters);
                } else if (tag == (5 << 3 | WireType.BYTES) && rows < 0) {
                    rows = InputReader.rows(reader);
                } else {
                    reader.skip(tag);
                }
            }
        } catch (InvalidInference e) {
            return new Glance(schedule, Math.max(0, rows));
        }
        return new Glance(schedule, Math.max(0, rows));
    }

    /** The request's own, as {@link #glanceOf} finds what it finds; empty where it has none. */
    public static String idOf(RequestBody message) {
        try {
            WireReader reader = new WireReader(message);
            while (reader.more()) {
                int tag = reader.tag();
                if (tag == (3 << 3 | WireType.BYTES)) {
                    return reader.text(RequestLimits.ID_BYTES, "the request's id");
                }
                reader.skip(tag);
            }
            return "";
        } catch (InvalidInference e) {
            return "";
        }
    }

    static Schedule schedule(Parameters parameters) {
        return new Schedule(parameters.whole("priority", 0, 0), parameters.whole("timeout", 0, 0));
    }

    static Target target(String model, String version) {
        if (model.isEmpty()) {
            throw new InvalidInference("the message needs a 'model_name'");
        }
        return new Target(model, version.isEmpty() ? null : version);
    }
}
