package dev.teal.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir
    Path directory;

    @Test
    void givenStructuredLinesTheirWordsAreShown() {
        String line =
                "{\"log\":{\"level\":\"ERROR\"},\"message\":\"Port is taken\",\"error\":{\"message\":\"bind failed\\nat x\"}}";

        assertThat(LogTail.forPeople(line)).isEqualTo("  ERROR Port is taken: bind failed");
    }

    @Test
    void givenALineThatOnlyBeginsLikeJsonItStays() {
        assertThat(LogTail.forPeople("{not json")).isEqualTo("{not json");
    }

    @Test
    void givenALongLogOnlyItsEndIsRead() throws IOException {
        Path log = directory.resolve("part.log");
        Files.writeString(log, "x".repeat(2 << 20) + "\none\ntwo\n");

        assertThat(LogTail.read(log, 2)).containsExactly("one", "two");
    }

    @Test
    void givenNoLogThereIsNothing() {
        assertThat(LogTail.of(directory.resolve("none.log"), 5)).isEmpty();
    }
}
