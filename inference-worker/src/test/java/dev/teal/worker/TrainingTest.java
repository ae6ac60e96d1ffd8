package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.worker.contain.Confinement;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    @Test
    void aTrainingLifeIsWholeAndLeavesTheLibrary(@TempDir Path directory) throws IOException {
        Training.run(directory, _ -> Confinement.none(_ -> {}));

        assertThat(directory.resolve("native"))
                .isDirectoryContaining(file -> file.getFileName().toString().startsWith("libonnxruntime."));
    }
}
