package dev.teal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.worker.ExitNote;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerExitTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "80, MEMORY_EXCEEDED",
        "81, TIME_EXCEEDED",
        "82, TIME_EXCEEDED",
        "0,",
        "64,",
        "83,",
        "84,",
        "1, MEMORY_EXCEEDED",
        "137,"
    })
    void aCodeSaysWhatTheModelDid(int code, WorkerFailure.Code said) {
        assertThat(WorkerExit.of(code).flatMap(WorkerExit::failure).map(WorkerFailure::code))
                .isEqualTo(Optional.ofNullable(said));
    }

    @ParameterizedTest
    @EnumSource
    void eachCodeIsFoundAgain(WorkerExit exit) {
        assertThat(WorkerExit.of(exit.code())).contains(exit);
    }

    @ParameterizedTest
    @EnumSource
    void aNoteIsReadAsItWasLeft(WorkerExit exit) throws IOException {
        ExitNote note = ExitNote.of(directory, "w-1");

        note.leave(exit);

        assertThat(note.read()).contains(exit);
        assertThat(ExitNote.of(directory, "w-2").read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "80 and more", "memory"})
    void givenANoteThatNobodyFinishedItSaysNothing(String text) throws IOException {
        ExitNote note = ExitNote.of(directory, "w-1");
        Files.writeString(note.file(), text);

        assertThat(note.read()).isEmpty();
    }

    @Test
    void aModelThatTakesTooMuchWillDoSoAgain() {
        assertThat(WorkerFailure.Code.MEMORY_EXCEEDED.mayPass()).isFalse();
        assertThat(WorkerFailure.Code.TIME_EXCEEDED.mayPass()).isFalse();
    }
}
