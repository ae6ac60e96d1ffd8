package dev.teal.platform.routing.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.oip.ModelConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointConfigurationTest {
    private static EndpointConfiguration with(@Nullable Integer rows, @Nullable Long delay) {
        return new EndpointConfiguration(1, 2, 0, 2, 1_000, 1_000, 1_024, false, rows, delay, 4_096L, null, null);
    }

    @Test
    void givenAConfigurationStoredBeforeItIsReadAndSaysNothingOfBatching() {
        EndpointConfiguration read = Json.MAPPER.readValue("""
                {"workerThreads":1,"workerConcurrency":2,"minWorkers":0,"maxWorkers":2,"idleTimeoutMillis":1000,
                 "requestDeadlineMillis":1000,"bodyLimitBytes":1024,"inferenceKeyRequired":false}""", EndpointConfiguration.class);

        assertThat(read.runtime(null).batching()).isNull();
        assertThat(read.runtime(null).responseCacheBytes()).isNull();
        assertThat(read.runtime(null).bodyLimitBytes()).isEqualTo(1_024);
        assertThat(read.limits().rate()).isNull();
        assertThat(Json.MAPPER.readValue(Json.MAPPER.writeValueAsString(read), EndpointConfiguration.class))
                .isEqualTo(read);
    }

    /** Rows and delay that the endpoint asks for, the model's max_batch_size and its rows and delay, and what a worker is told; "-" where nothing is said. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # rows | delay | most | model   | worker
            -      | -     | -    | -       | -
            -      | -     | 8    | 8,100   | -
            16     | -     | -    | -       | 16,0
            16     | 500   | -    | -       | 16,500
            -      | 500   | -    | -       | 32,500
            -      | 500   | 8    | -       | 8,500
            -      | 500   | 8    | 8,100   | 8,500
            4      | -     | 8    | 8,100   | 4,100
            64     | -     | 8    | 8,100   | 8,100
            64     | 500   | 0    | 1,0     | 1,0
            1      | 0     | 8    | 8,100   | 1,0
            """)
    void givenEndpointAndModelTheEndpointDecidesWithinWhatTheModelTakes(
            @Nullable Integer rows,
            @Nullable Long delay,
            @Nullable Integer most,
            @Nullable String model,
            @Nullable String worker) {
        ModelConfig config = new ModelConfig(most, batching(model), Map.of(), List.of());

        assertThat(with(rows, delay).runtime(config).batching()).isEqualTo(batching(worker));
    }

    private static @Nullable Batching batching(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String[] parts = text.split(",");
        return new Batching(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }

    @ParameterizedTest
    @CsvSource({"500us,500us", "1500us,1500us", "2000us,2ms", "0us,0s", "1000000us,1s", "2ms,2ms", "PT0.0000015S,1us"})
    void givenADurationItIsWrittenInTheLargestUnitThatIsWhole(String text, String shown) {
        Duration duration = DurationText.parse(text);

        assertThat(DurationText.format(duration)).isEqualTo(shown);
    }
}
