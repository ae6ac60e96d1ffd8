package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.Batching;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {
    @ParameterizedTest
    @CsvSource({
        // max_batch_size, dynamic_batching's rows, the endpoint's, rows of one run
        ",,,1",
        "64,,,64",
        "200,,,128",
        "1,,,1",
        "0,,,1",
        ",32,,32",
        "64,32,,32",
        "16,32,,16",
        ",,8,8",
        "64,32,8,8",
        "4,32,8,4",
        "0,,8,1",
    })
    void rowsAreThoseAskedForAndNeverMoreThanTheModelTakes(
            @Nullable Integer most, @Nullable Integer own, @Nullable Integer endpoint, int rows) {
        ModelConfig config = new ModelConfig(most, batching(own), Map.of(), List.of());

        assertThat(config.rowsAsked(batching(endpoint))).isEqualTo(rows);
    }

    private static @Nullable Batching batching(@Nullable Integer rows) {
        return rows == null ? null : new Batching(rows, 0);
    }
}
