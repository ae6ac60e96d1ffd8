package dev.teal.platform.problem;

import static dev.teal.platform.problem.WaitingEndpoint.admin;
import static dev.teal.platform.problem.WaitingEndpoint.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person reads who writes a configuration that cannot be. */
class EndpointConfigurationProblemsTest {
    private static final WaitingEndpoint waiting = new WaitingEndpoint();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            workerThreads     | 0          | 1 to 256
            workerThreads     | 257        | 1 to 256
            workerConcurrency | 0          | 1 to 1024
            workerConcurrency | 1025       | 1 to 1024
            minWorkers        | -1         | 0 to 64
            minWorkers        | 65         | 0 to 64
            maxWorkers        | 0          | 1 to 64
            maxWorkers        | 65         | 1 to 64
            idleTimeout       | "999ms"    | 1s to 24h, got 999ms
            idleTimeout       | "25h"      | 1s to 24h, got 25h
            idleTimeout       | "-PT5M"    | 1s to 24h, got -PT5M
            idleTimeout       | "300"      | '300' is not a duration: write a number with us, ms, s, m, h or d
            idleTimeout       | "5 weeks"  | is not a duration
            idleTimeout       | ""         | is not a duration
            idleTimeout       | "999999999999d" | 1s to 24h
            requestDeadline   | "9ms"      | 10ms to 10m, got 9ms
            requestDeadline   | "601s"     | 10ms to 10m, got 601s
            requestDeadline   | "soon"     | is not a duration
            bodyLimit         | "1023B"    | 1KiB to 256MiB, got 1023B
            bodyLimit         | "257MiB"   | 1KiB to 256MiB, got 257MiB
            bodyLimit         | "16"       | '16' is not a size: write a number with B, KiB, MiB or GiB
            bodyLimit         | "16 miles" | is not a size
            bodyLimit         | "999999999999GiB" | more bytes than can be counted
            maxBatchRows      | 0          | 1 to 1024, got 0
            maxBatchRows      | 1025       | 1 to 1024, got 1025
            batchDelay        | "1001ms"   | 0s to 1s, got 1001ms
            batchDelay        | "-PT1S"    | 0s to 1s, got -PT1S
            batchDelay        | "500µs"    | is not a duration
            responseCache     | "257MiB"   | 0MiB to 256MiB, got 257MiB
            responseCache     | "much"     | is not a size
            requestRate       | 0          | 1 to 1000000, got 0
            requestRate       | 1000001    | 1 to 1000000, got 1000001
            requestBurst      | 10         | means nothing without requestRate
            inferenceKey      | "never"    | must be optional or required, got 'never'
            """)
    void givenAConfigurationOutOfItsLimitsTheAnswerNamesFieldAndLimits(String field, String value, String words) {
        Api.Answer answer = configure(field, value);

        check(answer, 422, "INVALID_ENDPOINT", words);
        assertThat(answer.json().get("detail").asString()).contains("configuration." + field);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            workerThreads     | "1"           | a whole number
            workerThreads     | 1.5           | a whole number
            workerThreads     | 99999999999   | a whole number
            workerConcurrency | true          | a whole number
            minWorkers        | []            | a whole number
            maxWorkers        | "two"         | a whole number
            idleTimeout       | 300           | a text
            requestDeadline   | {"seconds":3} | a text
            bodyLimit         | 16777216      | a text
            inferenceKey      | true          | a text
            maxBatchRows      | 1.5           | a whole number
            batchDelay        | 500           | a text
            responseCache     | 16777216      | a text
            """)
    void givenAConfigurationOfAnotherTypeTheAnswerNamesFieldAndType(String field, String value, String type) {
        Api.Answer answer = configure(field, value);

        check(answer, 400, "WRONG_TYPE", "Field 'configuration." + field + "' must be " + type);
    }

    private static Api.Answer configure(String field, String value) {
        return admin.put(
                waiting.path(),
                "{\"model\":\"" + waiting.model + "\",\"version\":\"1\",\"configuration\":{\"" + field + "\":" + value
                        + "}}");
    }
}
