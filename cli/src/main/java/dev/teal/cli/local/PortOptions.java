package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The ports that the caller chooses, by flag or environment. */
public final class PortOptions {
    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            defaultValue = "${env:TEAL_API_PORT}",
            description = "For the API and Swagger UI (default: 8080; TEAL_API_PORT).")
    private @Nullable Integer api;

    @Option(
            names = "--inference-port",
            paramLabel = "PORT",
            defaultValue = "${env:TEAL_INFERENCE_PORT}",
            description = "For inference (default: 8000; TEAL_INFERENCE_PORT).")
    private @Nullable Integer inference;

    @Option(
            names = "--inference-grpc-port",
            paramLabel = "PORT",
            defaultValue = "${env:TEAL_INFERENCE_GRPC_PORT}",
            description = "For inference by gRPC (default: 8001; TEAL_INFERENCE_GRPC_PORT).")
    private @Nullable Integer inferenceGrpc;

    @Option(
            names = "--fleet-port",
            paramLabel = "PORT",
            defaultValue = "${env:TEAL_FLEET_PORT}",
            description = "For the fleet (default: 8010; TEAL_FLEET_PORT).")
    private @Nullable Integer fleet;

    @Option(
            names = "--api-management-port",
            paramLabel = "PORT",
            defaultValue = "${env:TEAL_API_MANAGEMENT_PORT}",
            description = "For the management of platform-api (default: 9080; TEAL_API_MANAGEMENT_PORT).")
    private @Nullable Integer apiManagement;

    @Option(
            names = "--gateway-management-port",
            paramLabel = "PORT",
            defaultValue = "${env:TEAL_GATEWAY_MANAGEMENT_PORT}",
            description = "For the management of the gateway (default: 9000; TEAL_GATEWAY_MANAGEMENT_PORT).")
    private @Nullable Integer gatewayManagement;

    @Option(
            names = "--fleet-management-port",
            paramLabel = "PORT",
            defaultValue = "${env:TEAL_FLEET_MANAGEMENT_PORT}",
            description = "For the management of the fleet (default: 9010; TEAL_FLEET_MANAGEMENT_PORT).")
    private @Nullable Integer fleetManagement;

    @Option(
            names = "--postgres-port",
            paramLabel = "PORT",
            defaultValue = "${env:TEAL_POSTGRES_PORT}",
            description = "For PostgreSQL (default: 54320; TEAL_POSTGRES_PORT).")
    private @Nullable Integer postgres;

    Map<Port, Integer> asked() {
        Map<Port, Integer> asked = new EnumMap<>(Port.class);
        put(asked, Port.API, api);
        put(asked, Port.INFERENCE, inference);
        put(asked, Port.INFERENCE_GRPC, inferenceGrpc);
        put(asked, Port.FLEET, fleet);
        put(asked, Port.API_MANAGEMENT, apiManagement);
        put(asked, Port.GATEWAY_MANAGEMENT, gatewayManagement);
        put(asked, Port.FLEET_MANAGEMENT, fleetManagement);
        put(asked, Port.POSTGRES, postgres);
        return asked;
    }

    /** The same choice as flags, for a launcher of its own process. */
    static List<String> flags(Map<Port, Integer> asked) {
        List<String> flags = new ArrayList<>();
        asked.forEach((port, number) -> flags.addAll(List.of(port.flag(), String.valueOf(number))));
        return flags;
    }

    private static void put(Map<Port, Integer> asked, Port port, @Nullable Integer number) {
        if (number == null) {
            return;
        }
        if (number < 1 || number > 65_535) {
            throw new Refused(Refused.USAGE, port.flag() + " must be from 1 to 65535, got " + number);
        }
        asked.put(port, number);
    }
}
