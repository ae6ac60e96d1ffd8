package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    @Test
    void aTrainingLifeIsWholeAndLeavesTheLibrary(@TempDir Path directory) throws IOException {
        Training.run(directory);

        assertThat(directory.resolve("native"))
                .isDirectoryContaining(file -> file.getFileName().toString().startsWith("libonnxruntime."));
    }
}
