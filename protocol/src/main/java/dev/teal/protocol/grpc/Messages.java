package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.RepositoryEntry;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.wire.WireType;
import dev.teal.protocol.wire.WireWriter.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The small messages, whole. */
public final class Messages {
    private Messages() {}

    /** Of {@code ModelReady}, {@code ModelMetadata}, {@code ModelConfig} and {@code ModelStatistics}. @param version null where none is named */
    public record Named(String name, @Nullable String version) {}

    /** @throws InvalidInference if it is no such message */
    public static Named named(byte[] request) {
        WireReader reader = new WireReader(RequestBody.of(request));
        String name = "";
        String version = "";
        while (reader.more()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireType.BYTES -> name = ModelInferReader.name(reader, "the model's name");
                case 2 << 3 | WireType.BYTES -> version = ModelInferReader.name(reader, "the model's version");
                default -> reader.skip(tag);
            }
        }
        return new Named(name, version.isEmpty() ? null : version);
    }

    /**
     * {@code RepositoryIndexRequest}.
     *
     * @param repository empty for all that there are
     * @param onlyReady whether those alone are wanted that are ready
     */
    public record IndexRequest(String repository, boolean onlyReady) {}

    /** @throws InvalidInference as {@link #named} */
    public static IndexRequest indexRequest(byte[] request) {
        WireReader reader = new WireReader(RequestBody.of(request));
        String repository = "";
        boolean ready = false;
        while (reader.more()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireType.BYTES -> repository = ModelInferReader.name(reader, "the repository's name");
                case 2 << 3 | WireType.VARINT -> ready = reader.varint() != 0;
                default -> reader.skip(tag);
            }
        }
        return new IndexRequest(repository, ready);
    }

    /** {@code ServerLiveResponse}, {@code ServerReadyResponse} and {@code ModelReadyResponse} are alike. */
    public static byte[] flag(boolean value) {
        return bytes(to -> to.add(1, value));
    }

    public static byte[] serverMetadata(String name, String version, List<String> extensions) {
        return bytes(to -> {
            to.add(1, name).add(2, version);
            extensions.forEach(extension -> to.add(3, extension));
        });
    }

    public static byte[] modelMetadata(String name, List<String> versions, ModelSignature signature) {
        return bytes(to -> {
            to.add(1, name);
            versions.forEach(version -> to.add(2, version));
            to.add(3, ModelConfiguration.PLATFORM);
            signature.inputs().forEach(spec -> to.message(4, tensor(spec)));
            signature.outputs().forEach(spec -> to.message(5, tensor(spec)));
        });
    }

    private static Message tensor(TensorSpec spec) {
        return to -> to.add(1, spec.name()).add(2, spec.datatype().name()).packed(3, spec.shape());
    }

    public static byte[] modelConfig(ModelConfiguration config) {
        return bytes(to -> to.message(1, ConfigMessage.of(config)));
    }

    public static byte[] statistics(List<ModelStatistics> models) {
        return bytes(to -> models.forEach(model -> to.message(1, StatisticsMessage.of(model))));
    }

    public static byte[] index(List<RepositoryEntry> entries) {
        return bytes(to -> entries.forEach(entry -> to.message(
                1,
                model -> model.add(1, entry.name())
                        .add(2, entry.version())
                        .add(3, entry.state())
                        .add(4, entry.reason()))));
    }

    /** {@code ModelStreamInferResponse} around a {@code ModelInferResponse}. */
    public static byte[] streamed(byte[] inferResponse) {
        return bytes(to -> to.put(2, inferResponse));
    }

    /** {@code ModelStreamInferResponse} of a request that failed. @param id by which the client knows which; empty where it is not known */
    public static byte[] streamError(String id, String message) {
        return bytes(to -> {
            to.add(1, message);
            if (!id.isEmpty()) {
                to.message(2, response -> response.add(3, id));
            }
        });
    }

    /** The service that a {@code HealthCheckRequest} names; empty for the server. @throws InvalidInference as {@link #named} */
    public static String healthOf(byte[] request) {
        return named(request).name();
    }

    /** {@code HealthCheckResponse}: SERVING or NOT_SERVING. */
    public static byte[] health(boolean serving) {
        return bytes(to -> to.add(1, serving ? 1 : 2));
    }

    /** {@code HealthCheckResponse}: SERVICE_UNKNOWN, which only a watch is told. */
    public static byte[] healthOfNobody() {
        return bytes(to -> to.add(1, 3));
    }

    private static byte[] bytes(Message message) {
        return message.toByteArray();
    }
}
