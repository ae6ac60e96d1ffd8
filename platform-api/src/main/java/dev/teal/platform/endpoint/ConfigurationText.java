package dev.teal.platform.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.teal.platform.routing.domain.DurationText;
import dev.teal.platform.routing.domain.EndpointConfiguration;
import dev.teal.platform.routing.domain.SizeText;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** An endpoint's configuration as people write it: every field has a default, a unit and a limit. */
@Schema(
        name = "EndpointConfiguration",
        description = "Holds for both colors, so that they are identical but for the model")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConfigurationText(
        @Schema(description = "ONNX Runtime's threads within one request, 1 to 256", defaultValue = "1", example = "1")
        @Nullable
        Integer workerThreads,

        @Schema(description = "Requests that one worker computes at once, 1 to 1024", defaultValue = "1", example = "1")
        @Nullable
        Integer workerConcurrency,

        @Schema(
                description = "Workers kept ready even when idle, 0 to 64; 0 lets the endpoint go to zero",
                defaultValue = "0",
                example = "0")
        @Nullable
        Integer minWorkers,

        @Schema(description = "Most workers of one color, 1 to 64", defaultValue = "2", example = "2") @Nullable
        Integer maxWorkers,

        @Schema(description = "A worker unused for this long stops, 1s to 24h", defaultValue = "5m", example = "5m")
        @Nullable
        String idleTimeout,

        @Schema(
                description = "Longest time from arrival to answer, waiting for a worker included, 10ms to 10m",
                defaultValue = "30s",
                example = "30s")
        @Nullable
        String requestDeadline,

        @Schema(description = "Largest request body, 1KiB to 256MiB", defaultValue = "16MiB", example = "16MiB")
        @Nullable
        String bodyLimit,

        @Schema(
                description = "Whether callers on loopback need a key too; callers from elsewhere always do",
                defaultValue = "optional",
                allowableValues = {"optional", "required"})
        @Nullable
        String inferenceKey,

        @Schema(
                description =
                        "Rows of waiting requests that a worker computes together at most, 1 to 1024; 1: each request by itself. Left out: "
                                + "as the model's config.pbtxt says, or the worker's default",
                example = "32")
        @Nullable
        Integer maxBatchRows,

        @Schema(
                description =
                        "How long a worker waits for more rows before it computes what is there, 0s to 1s. Left out: as the model's "
                                + "config.pbtxt says, or not at all",
                example = "500us")
        @Nullable
        String batchDelay,

        @Schema(
                description =
                        "Answers that each worker keeps and gives again to the same question, 0 to 256MiB. Left out or 0: none",
                example = "16MiB")
        @Nullable
        String responseCache,

        @Schema(
                description =
                        "Inference requests a second of all callers together, 1 to 1000000, at each gateway; those beyond are answered 429. "
                                + "Left out: as many as there is room for",
                example = "1000")
        @Nullable
        Integer requestRate,

        @Schema(
                description =
                        "Requests that may come at once after a pause, 1 to 1000000, with requestRate only. Left out: those of one second",
                example = "2000")
        @Nullable
        Integer requestBurst) {
    private static final long KIBI = 1024;
    private static final int MOST_REQUESTS = 1_000_000;

    static final ConfigurationText DEFAULTS =
            new ConfigurationText(null, null, null, null, null, null, null, null, null, null, null, null, null);

    EndpointConfiguration read() {
        int min = number("minWorkers", minWorkers, 0, 0, 64);
        int max = number("maxWorkers", maxWorkers, Math.max(2, min), 1, 64);
        if (min > max) {
            throw new InvalidEndpoint(
                    "configuration.minWorkers must not be above maxWorkers, got " + min + " and " + max);
        }
        if (requestBurst != null && requestRate == null) {
            throw new InvalidEndpoint("configuration.requestBurst means nothing without requestRate");
        }
        return new EndpointConfiguration(
                number("workerThreads", workerThreads, 1, 1, 256),
                number("workerConcurrency", workerConcurrency, 1, 1, 1024),
                min,
                max,
                millis("idleTimeout", idleTimeout, "5m", Duration.ofSeconds(1), Duration.ofHours(24)),
                millis("requestDeadline", requestDeadline, "30s", Duration.ofMillis(10), Duration.ofMinutes(10)),
                bytes("bodyLimit", bodyLimit, "16MiB", KIBI, 256 * KIBI * KIBI),
                keyRequired(),
                maxBatchRows == null ? null : (Integer) number("maxBatchRows", maxBatchRows, 1, 1, 1024),
                batchDelay == null ? null : (Long) micros("batchDelay", batchDelay, Duration.ofSeconds(1)),
                cacheBytes(),
                requests("requestRate", requestRate),
                requests("requestBurst", requestBurst));
    }

    private static @Nullable Integer requests(String field, @Nullable Integer given) {
        return given == null ? null : (Integer) number(field, given, 1, 1, MOST_REQUESTS);
    }

    private @Nullable Long cacheBytes() {
        if (responseCache == null || responseCache.strip().equals("0")) {
            return null;
        }
        long cached = bytes("responseCache", responseCache, "0B", 0, 256 * KIBI * KIBI);
        return cached == 0 ? null : (Long) cached;
    }

    static ConfigurationText of(EndpointConfiguration configuration) {
        return new ConfigurationText(
                configuration.workerThreads(),
                configuration.workerConcurrency(),
                configuration.minWorkers(),
                configuration.maxWorkers(),
                DurationText.format(Duration.ofMillis(configuration.idleTimeoutMillis())),
                DurationText.format(Duration.ofMillis(configuration.requestDeadlineMillis())),
                SizeText.format(configuration.bodyLimitBytes()),
                configuration.inferenceKeyRequired() ? "required" : "optional",
                configuration.maxBatchRows(),
                delay(configuration.batchDelayMicros()),
                configuration.responseCacheBytes() == null ? null : SizeText.format(configuration.responseCacheBytes()),
                configuration.requestRate(),
                configuration.requestBurst());
    }

    private static @Nullable String delay(@Nullable Long micros) {
        return micros == null ? null : DurationText.format(Duration.of(micros, ChronoUnit.MICROS));
    }

    private boolean keyRequired() {
        return switch (inferenceKey) {
            case null -> false;
            case "optional" -> false;
            case "required" -> true;
            default ->
                throw new InvalidEndpoint(
                        "configuration.inferenceKey must be optional or required, got '" + inferenceKey + "'");
        };
    }

    private static int number(String field, @Nullable Integer given, int otherwise, int least, int most) {
        int value = given == null ? otherwise : given;
        if (value < least || value > most) {
            throw new InvalidEndpoint(
                    "configuration." + field + " must be " + least + " to " + most + ", got " + value);
        }
        return value;
    }

    private static long millis(String field, @Nullable String given, String otherwise, Duration least, Duration most) {
        return duration(field, given == null ? otherwise : given, least, most).toMillis();
    }

    private static long micros(String field, String given, Duration most) {
        return duration(field, given, Duration.ZERO, most).dividedBy(Duration.of(1, ChronoUnit.MICROS));
    }

    private static Duration duration(String field, String given, Duration least, Duration most) {
        Duration value;
        try {
            value = DurationText.parse(given);
        } catch (IllegalArgumentException e) {
            throw new InvalidEndpoint("configuration." + field + ": " + e.getMessage());
        }
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidEndpoint("configuration." + field + " must be " + DurationText.format(least) + " to "
                    + DurationText.format(most) + ", got " + given);
        }
        return value;
    }

    private static long bytes(String field, @Nullable String given, String otherwise, long least, long most) {
        long value;
        try {
            value = SizeText.parse(given == null ? otherwise : given);
        } catch (IllegalArgumentException e) {
            throw new InvalidEndpoint("configuration." + field + ": " + e.getMessage());
        }
        if (value < least || value > most) {
            throw new InvalidEndpoint("configuration." + field + " must be " + SizeText.format(least) + " to "
                    + SizeText.format(most) + ", got " + given);
        }
        return value;
    }
}
