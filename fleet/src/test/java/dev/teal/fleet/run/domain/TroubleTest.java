package dev.teal.fleet.run.domain;

import static dev.teal.protocol.cell.EnvironmentPhase.ACTIVE;
import static dev.teal.protocol.cell.EnvironmentPhase.LOADING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerFailure.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroubleTest {

    private static Trouble after(Code code, int times, EnvironmentPhase phase) {
        Trouble trouble = Trouble.NONE;
        for (int i = 0; i < times; i++) {
            trouble = trouble.failed(new WorkerFailure(code, "because"), phase, 0);
        }
        return trouble;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # failure       | times | phase   | told  | held ms | for good
            LOAD_FAILED     | 1     | LOADING | true  | 60000   | true
            LOAD_FAILED     | 1     | ACTIVE  | true  | 1000    | false
            LOAD_FAILED     | 2     | ACTIVE  | true  | 2000    | false
            MEMORY_EXCEEDED | 1     | LOADING | true  | 60000   | true
            TIME_EXCEEDED   | 1     | ACTIVE  | true  | 1000    | false
            GOLDEN_MISMATCH | 9     | ACTIVE  | true  | 60000   | false
            WORKER_DIED     | 1     | LOADING | false | 250     | false
            WORKER_DIED     | 2     | LOADING | false | 500     | false
            WORKER_DIED     | 3     | LOADING | true  | 60000   | true
            WORKER_DIED     | 3     | ACTIVE  | true  | 1000    | false
            FETCH_FAILED    | 3     | LOADING | true  | 1000    | false
            NO_CAPACITY     | 4     | LOADING | true  | 2000    | false
            NO_CAPACITY     | 40    | STANDBY | true  | 60000   | false
            """)
    void givenFailuresTheyAreToldAndHeldFor(
            Code code, int times, EnvironmentPhase phase, boolean told, long heldMillis, boolean forGood) {
        Trouble trouble = after(code, times, phase);

        assertThat(trouble.told().isPresent()).isEqualTo(told);
        assertThat(trouble.holdLeft(0)).isEqualTo(Duration.ofMillis(heldMillis));
        assertThat(trouble.mayStart(0)).isFalse();
        assertThat(trouble.mayStart(Duration.ofDays(1).toNanos())).isEqualTo(!forGood);
    }

    @Test
    void givenAReadyWorkerFailuresAreForgottenButCrashesCount() {
        Trouble twice = Trouble.NONE
                .crashed(null, ACTIVE, 0)
                .proven()
                .crashed(null, ACTIVE, 1)
                .proven();

        assertThat(twice.mayStart(1)).isTrue();
        assertThat(twice.told()).isEmpty();
        assertThat(twice.crashed(null, ACTIVE, 2).told()).isPresent();
        assertThat(twice.crashed(null, ACTIVE, 2).mayStart(2)).isFalse();
        assertThat(twice.crashed(null, LOADING, 2).forGood()).isTrue();
    }

    @Test
    void givenCrashesThatSayWhyTheReasonIsTold() {
        WorkerFailure memory = new WorkerFailure(Code.MEMORY_EXCEEDED, "the model took more memory than it may");

        Trouble trouble =
                Trouble.NONE.crashed(memory, ACTIVE, 0).crashed(null, ACTIVE, 1).crashed(memory, ACTIVE, 2);

        assertThat(trouble.told().orElseThrow().code()).isEqualTo(Code.WORKER_DIED);
        assertThat(trouble.told().orElseThrow().message()).endsWith("the model took more memory than it may");
    }

    @Test
    void givenCrashesFarApartEachIsReplaced() {
        Trouble trouble = Trouble.NONE;
        for (int i = 0; i < 10; i++) {
            trouble = trouble.crashed(null, ACTIVE, i * Duration.ofSeconds(31).toNanos());
            assertThat(trouble.mayStart(0)).isTrue();
        }
    }
}
