package dev.teal.worker.grpc;

import dev.teal.protocol.grpc.Messages;
import dev.teal.worker.grpc.DescriptionRpc.Ended;
import dev.teal.worker.grpc.GrpcStatus.Code;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Description.Loaded;
import dev.teal.worker.run.Inference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods by their paths. */
final class Methods {
    private static final String INFERENCE = "/inference.GRPCInferenceService/";
    private static final String HEALTH = "/grpc.health.v1.Health/";
    private static final String PLATFORM_LOADS =
            "the platform loads and unloads models: register a version and roll it out with POST /api/v1/endpoints/{name}/rollouts";
    private static final List<String> MEMORY_METHODS = List.of(
            "SystemSharedMemoryStatus",
            "SystemSharedMemoryRegister",
            "SystemSharedMemoryUnregister",
            "CudaSharedMemoryStatus",
            "CudaSharedMemoryRegister",
            "CudaSharedMemoryUnregister");

    private final Description description;
    private final Map<String, Opening> byPath = new HashMap<>();

    /** How an RPC of a method begins. */
    @FunctionalInterface
    interface Opening {
        Rpc open(Rpc.Line line, GrpcHead head);
    }

    Methods(Description description) {
        this.description = description;
        byPath.put(INFERENCE + "ModelInfer", UnaryInfer::new);
        byPath.put(INFERENCE + "ModelStreamInfer", StreamInfer::new);
        described("ServerLive", _ -> Messages.flag(description.live()));
        described("ServerReady", _ -> Messages.flag(description.ready()));
        described("ModelReady", this::modelReady);
        described("ServerMetadata", _ -> {
            Description.Server server = description.server();
            return Messages.serverMetadata(server.name(), server.version(), server.extensions());
        });
        described("ModelMetadata", message -> {
            Loaded served = named(message);
            return Messages.modelMetadata(served.name(), List.of(served.version()), served.signature());
        });
        described("ModelConfig", message -> Messages.modelConfig(named(message).configuration()));
        described("ModelStatistics", this::statistics);
        described("RepositoryIndex", this::index);
        described("RepositoryModelLoad", _ -> unimplemented(PLATFORM_LOADS));
        described("RepositoryModelUnload", _ -> unimplemented(PLATFORM_LOADS));
        for (String method : MEMORY_METHODS) {
            described(method, _ -> unimplemented("shared memory is not supported; send tensors in the message"));
        }
        described("TraceSetting", _ -> unimplemented("trace settings are not supported; traceparent is passed on"));
        described("LogSettings", _ -> unimplemented("log settings are not supported"));
        byPath.put(HEALTH + "Check", (line, head) -> new DescriptionRpc(line, head, this::health));
        byPath.put(HEALTH + "Watch", (line, head) -> new HealthWatch(line, head, this::health));
    }

    private void described(String name, DescriptionRpc.Method method) {
        byPath.put(INFERENCE + name, (line, head) -> new DescriptionRpc(line, head, method));
    }

    @Nullable
    Opening at(String path) {
        return byPath.get(path);
    }

    private static byte[] unimplemented(String why) {
        throw new Ended(Code.UNIMPLEMENTED, why);
    }

    private Loaded named(byte[] message) {
        Messages.Named named = Messages.named(message);
        Loaded served =
                description.loaded().orElseThrow(() -> new Ended(Code.UNAVAILABLE, "this worker has no model yet"));
        if (!served.isCalled(named.name(), named.version())) {
            throw new Ended(
                    Code.NOT_FOUND,
                    Inference.unknown(named.name(), named.version()).message());
        }
        return served;
    }

    private byte[] modelReady(byte[] message) {
        named(message);
        return Messages.flag(description.ready());
    }

    /** Of all models where none is named. */
    private byte[] statistics(byte[] message) {
        if (!Messages.named(message).name().isEmpty()) {
            named(message);
        }
        return Messages.statistics(description.statistics().map(List::of).orElse(List.of()));
    }

    private byte[] index(byte[] message) {
        Messages.IndexRequest request = Messages.indexRequest(message);
        if (!request.repository().isEmpty()) {
            return unimplemented("there is one repository, which has no name");
        }
        return Messages.index(description.index(request.onlyReady()));
    }

    /** Of the server, or of the model by its name. */
    private byte[] health(byte[] message) {
        String service = Messages.healthOf(message);
        boolean known = service.isEmpty()
                || service.equals("inference.GRPCInferenceService")
                || description
                        .loaded()
                        .filter(served -> served.name().equals(service))
                        .isPresent();
        if (!known) {
            throw new Ended(Code.NOT_FOUND, "there is no service '" + service + "' here");
        }
        return Messages.health(description.ready());
    }
}
