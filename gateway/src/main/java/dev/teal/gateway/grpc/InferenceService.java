package dev.teal.gateway.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The services by the names of their methods. */
final class InferenceService {
    static final String NAME = "inference.GRPCInferenceService";

    private static final String HEALTH = "grpc.health.v1.Health";
    private static final String PLATFORM_LOADS =
            "the platform loads and unloads models: register a version and roll it out with POST /api/v1/endpoints/{name}/rollouts";
    private static final List<String> MEMORY_METHODS = List.of(
            "SystemSharedMemoryStatus",
            "SystemSharedMemoryRegister",
            "SystemSharedMemoryUnregister",
            "CudaSharedMemoryStatus",
            "CudaSharedMemoryRegister",
            "CudaSharedMemoryUnregister");

    private InferenceService() {}

    static List<ServerServiceDefinition> definitions(InferMethod infer, CatalogMethods catalog) {
        ServerServiceDefinition.Builder inference = ServerServiceDefinition.builder(NAME);
        add(inference, NAME, "ModelInfer", MethodType.UNARY, new UnaryHandler(infer::atTheDoor, infer::answer));
        add(
                inference,
                NAME,
                "ModelStreamInfer",
                MethodType.BIDI_STREAMING,
                new StreamHandler(infer::atTheDoor, infer::streamed));
        unary(inference, NAME, "ServerLive", catalog::live);
        unary(inference, NAME, "ServerReady", catalog::ready);
        unary(inference, NAME, "ModelReady", catalog::modelReady);
        unary(inference, NAME, "ServerMetadata", catalog::server);
        unary(inference, NAME, "ModelMetadata", catalog::metadata);
        unary(inference, NAME, "ModelConfig", catalog::config);
        unary(inference, NAME, "ModelStatistics", catalog::statistics);
        unary(inference, NAME, "RepositoryIndex", catalog::index);
        unary(inference, NAME, "RepositoryModelLoad", unimplemented(PLATFORM_LOADS));
        unary(inference, NAME, "RepositoryModelUnload", unimplemented(PLATFORM_LOADS));
        for (String method : MEMORY_METHODS) {
            unary(
                    inference,
                    NAME,
                    method,
                    unimplemented("shared memory is not supported; send tensors in the message"));
        }
        unary(
                inference,
                NAME,
                "TraceSetting",
                unimplemented("trace settings are not supported; traceparent is passed on"));
        unary(inference, NAME, "LogSettings", unimplemented("log settings are not supported"));
        ServerServiceDefinition.Builder health = ServerServiceDefinition.builder(HEALTH);
        unary(health, HEALTH, "Check", catalog::health);
        add(
                health,
                HEALTH,
                "Watch",
                MethodType.SERVER_STREAMING,
                new UnaryHandler(Door.OPEN, unimplemented("Watch is not supported; ask Check from time to time")));
        return List.of(inference.build(), health.build());
    }

    private static Function<Asked, Mono<Told>> unimplemented(String why) {
        Told told = Told.ended(Status.UNIMPLEMENTED.withDescription(why));
        return _ -> Mono.just(told);
    }

    private static void unary(
            ServerServiceDefinition.Builder service,
            String serviceName,
            String method,
            Function<Asked, Mono<Told>> answer) {
        add(service, serviceName, method, MethodType.UNARY, new UnaryHandler(Door.OPEN, answer));
    }

    private static void add(
            ServerServiceDefinition.Builder service,
            String serviceName,
            String method,
            MethodType type,
            ServerCallHandler<byte[], byte[]> handler) {
        service.addMethod(
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(type)
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(serviceName, method))
                        .setRequestMarshaller(BytesMarshaller.INSTANCE)
                        .setResponseMarshaller(BytesMarshaller.INSTANCE)
                        .build(),
                handler);
    }
}
