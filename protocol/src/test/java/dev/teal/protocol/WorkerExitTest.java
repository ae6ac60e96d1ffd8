package dev.teal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WorkerExitTest {
    @ParameterizedTest
    @CsvSource({"80, MEMORY_EXCEEDED", "81, TIME_EXCEEDED", "82, TIME_EXCEEDED", "0,", "64,", "83,", "1,", "137,"})
    void aCodeSaysWhatTheModelDid(int code, WorkerFailure.Code said) {
        assertThat(WorkerExit.of(code).flatMap(WorkerExit::failure).map(WorkerFailure::code))
                .isEqualTo(Optional.ofNullable(said));
    }

    @ParameterizedTest
    @EnumSource
    void eachCodeIsFoundAgain(WorkerExit exit) {
        assertThat(WorkerExit.of(exit.code())).contains(exit);
    }

    @Test
    void aModelThatTakesTooMuchWillDoSoAgain() {
        assertThat(WorkerFailure.Code.MEMORY_EXCEEDED.mayPass()).isFalse();
        assertThat(WorkerFailure.Code.TIME_EXCEEDED.mayPass()).isFalse();
    }
}
