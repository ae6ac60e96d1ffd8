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

    private final InferMethod infer;
    private final CatalogMethods catalog;
    private final Watches watches;
    private final AcceptedConnections connections;

    InferenceService(InferMethod infer, CatalogMethods catalog, Watches watches, AcceptedConnections connections) {
        this.infer = infer;
        this.catalog = catalog;
        this.watches = watches;
        this.connections = connections;
    }

    List<ServerServiceDefinition> definitions() {
        return List.of(inference(), health());
    }

    private ServerServiceDefinition inference() {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(NAME);
        add(
                service,
                NAME,
                "ModelInfer",
                MethodType.UNARY,
                new UnaryHandler(infer::atTheDoor, connections, infer::answer));
        add(
                service,
                NAME,
                "ModelStreamInfer",
                MethodType.BIDI_STREAMING,
                new StreamHandler(infer::atTheDoor, connections, infer::streamed));
        unary(service, NAME, "ServerLive", catalog::live);
        unary(service, NAME, "ServerReady", catalog::ready);
        unary(service, NAME, "ModelReady", catalog::modelReady);
        unary(service, NAME, "ServerMetadata", catalog::server);
        unary(service, NAME, "ModelMetadata", catalog::metadata);
        unary(service, NAME, "ModelConfig", catalog::config);
        unary(service, NAME, "ModelStatistics", catalog::statistics);
        unary(service, NAME, "RepositoryIndex", catalog::index);
        unary(service, NAME, "RepositoryModelLoad", unimplemented(PLATFORM_LOADS));
        unary(service, NAME, "RepositoryModelUnload", unimplemented(PLATFORM_LOADS));
        for (String method : MEMORY_METHODS) {
            unary(service, NAME, method, unimplemented("shared memory is not supported; send tensors in the message"));
        }
        unary(
                service,
                NAME,
                "TraceSetting",
                unimplemented("trace settings are not supported; traceparent is passed on"));
        unary(service, NAME, "LogSettings", unimplemented("log settings are not supported"));
        return service.build();
    }

    private ServerServiceDefinition health() {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(HEALTH);
        unary(service, HEALTH, "Check", catalog::health);
        add(
                service,
                HEALTH,
                "Watch",
                MethodType.SERVER_STREAMING,
                new WatchHandler(watches, connections, catalog::health));
        return service.build();
    }

    private static Function<Asked, Mono<Told>> unimplemented(String why) {
        // Anew for each call: trailers are written into when it ends
        return _ -> Mono.just(Told.ended(Status.UNIMPLEMENTED.withDescription(why)));
    }

    private void unary(
            ServerServiceDefinition.Builder service,
            String serviceName,
            String method,
            Function<Asked, Mono<Told>> answer) {
        add(service, serviceName, method, MethodType.UNARY, new UnaryHandler(Door.OPEN, connections, answer));
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
