package dev.teal.gateway;

import dev.teal.protocol.cell.Rate;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What a gateway is told at its start.
 *
 * @param id its name among the members of its region
 * @param controlPlane address of platform-api
 * @param fleet address of the cell's fleet
 * @param keyFile holds the cell's key
 * @param stateDirectory where the state document is kept over restarts
 * @param publicAddress where clients reach this gateway; only passed on
 * @param software version that it tells of itself
 * @param eventLoops of server and client together; 0: as many as cores, since more cost a multiple
 * @param bodyMemory bytes that all request bodies together may hold; default: a quarter of the heap
 * @param answerMemory bytes that all workers' answers together may hold, until their callers have taken them; one answer has half of it at
 *     most; default: a quarter of the heap
 * @param answerPause in which a connection must take something of what it is sent
 * @param waitingRequests per endpoint, for a worker
 * @param waitingBytes of bodies per endpoint, for a worker
 * @param requestsPerConcurrency requests that a worker holds for each run; more where requests are computed together
 * @param workerIdleTime after which a connection to a worker closes; must be below the worker's keep-alive time
 * @param requestLine longest request line
 * @param requestHeaderSize of all headers of a request
 * @param connectionsPerAddress most connections from one address, to both ports together; behind a balancer all have its address
 * @param requestHeaders most headers of one request
 * @param requestHeadTime from the first byte of a request to the end of its headers
 * @param requestChunks most chunks of one body
 * @param keyRate inference requests a second that one key may ask for, at this gateway; 0: as many as there is room for
 * @param keyBurst requests of one key that may come at once after a pause; 0: those of one second
 * @param grpcPort of the inference service by gRPC, on the same address as REST; 0: none
 * @param grpcMessageLimit largest gRPC message whatever endpoint it is for
 * @param grpcMessageTime for a gRPC message to arrive, and for a client to take an answer
 * @param responseLimit largest worker's answer that is passed on
 */
@Validated
@ConfigurationProperties("gateway")
record GatewayProperties(
        @NotBlank String id,
        @NotBlank String region,
        URI controlPlane,
        URI fleet,
        Path keyFile,
        Path stateDirectory,
        @NotBlank String publicAddress,
        @DefaultValue("development") String software,
        @DefaultValue("0") @Min(0) int eventLoops,
        @Nullable DataSize bodyMemory,
        @Nullable DataSize answerMemory,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration answerPause,
        @DefaultValue("1000") @Min(1) int waitingRequests,
        @DefaultValue("64MB") DataSize waitingBytes,
        @DefaultValue("4") @Min(1) int requestsPerConcurrency,
        @DefaultValue("15s") @DurationMin(millis = 1) Duration workerIdleTime,
        @DefaultValue("8KB") DataSize requestLine,
        @DefaultValue("16KB") DataSize requestHeaderSize,
        @DefaultValue("2000") @Min(1) int connectionsPerAddress,
        @DefaultValue("100") @Min(1) int requestHeaders,
        @DefaultValue("10s") @DurationMin(millis = 1) Duration requestHeadTime,
        @DefaultValue("65536") @Min(1) int requestChunks,
        @DefaultValue("0") @Min(0) @Max(1_000_000) int keyRate,
        @DefaultValue("0") @Min(0) @Max(1_000_000) int keyBurst,
        @DefaultValue("8001") @Min(0) @Max(65535) int grpcPort,
        @DefaultValue("256MB") DataSize grpcMessageLimit,
        @DefaultValue("60s") @DurationMin(millis = 1) Duration grpcMessageTime,
        @DefaultValue("256MB") DataSize responseLimit) {

    int loops() {
        return eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
    }

    @Nullable
    Rate rateOfKey() {
        return keyRate == 0 ? null : new Rate(keyRate, keyBurst == 0 ? keyRate : keyBurst);
    }

    long bodyMemoryBytes() {
        return bodyMemory == null ? Runtime.getRuntime().maxMemory() / 4 : bodyMemory.toBytes();
    }

    long answerMemoryBytes() {
        return answerMemory == null ? Runtime.getRuntime().maxMemory() / 4 : answerMemory.toBytes();
    }
}
