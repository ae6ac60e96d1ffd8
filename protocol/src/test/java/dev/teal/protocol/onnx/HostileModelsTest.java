package dev.teal.protocol.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.onnx.HostileModel.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each hostile model is refused for its reason, or known as one that only running shows. */
class HostileModelsTest {
    @TempDir
    Path folder;

    static List<HostileModel> corpus() {
        return HostileModel.corpus();
    }

    @Test
    void theCorpusIsLargeAndEachModelHasItsName() {
        List<HostileModel> all = corpus();

        assertThat(all).hasSizeGreaterThan(150).extracting(HostileModel::name).doesNotHaveDuplicates();
        assertThat(all)
                .filteredOn(model -> model.fate() instanceof Fate.Refused)
                .hasSizeGreaterThan(100);
        assertThat(all)
                .filteredOn(model -> model.fate() instanceof Fate.Contained)
                .hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void aHostileModelMeetsItsFate(HostileModel model) throws IOException {
        Path file = model.write(folder);

        switch (model.fate()) {
            case Fate.Refused expected ->
                assertThatThrownBy(() -> OnnxInspection.read(file))
                        .isInstanceOfSatisfying(OnnxRefused.class, refused -> {
                            assertThat(refused.reason()).isEqualTo(expected.reason());
                            assertThat(refused.detail()).contains(expected.words());
                            assertThat(refused.getMessage())
                                    .hasSizeLessThan(400)
                                    .doesNotContain(HostileModel.CANARY)
                                    .doesNotContainPattern("\\p{C}");
                        });
            case Fate.Contained _, Fate.Harmless _ ->
                assertThat(OnnxInspection.read(file).outputs()).isNotEmpty();
        }
    }
}
