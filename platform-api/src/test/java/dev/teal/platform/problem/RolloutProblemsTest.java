package dev.teal.platform.problem;

import static dev.teal.platform.problem.WaitingEndpoint.admin;
import static dev.teal.platform.problem.WaitingEndpoint.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.registry.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mistake that a person or a pipeline can make with rollouts, and what they read then. */
class RolloutProblemsTest {
    private static final WaitingEndpoint waiting = new WaitingEndpoint();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST   | /endpoints/ENDPOINT/rollouts |                            | 400 | MISSING_BODY       | needs a JSON body
            POST   | /endpoints/ENDPOINT/rollouts | {"version":2}              | 400 | WRONG_TYPE         | Field 'version' must be a text
            POST   | /endpoints/ENDPOINT/rollouts | {"version":"1","bakes":"1m"} | 400 | UNKNOWN_FIELD    | the fields are bake, evictStandby, promotion, standby, version
            POST   | /endpoints/ENDPOINT/rollouts | {"version":"1","evictStandby":"yes"} | 400 | WRONG_TYPE | Field 'evictStandby' must be true or false
            POST   | /endpoints/ENDPOINT/rollouts | {"version":"1"}            | 409 | ROLLOUT_IN_PROGRESS | abort it first
            POST   | /endpoints/ENDPOINT/rollouts | {"version":"7"}            | 422 | VERSION_NOT_REGISTERED | 7
            POST   | /endpoints/nothing/rollouts  | {"version":"1"}            | 404 | UNKNOWN_ENDPOINT   | "nothing"
            GET    | /endpoints/nothing/rollouts  |                            | 404 | UNKNOWN_ENDPOINT   | "nothing"
            GET    | /endpoints/ENDPOINT/rollouts?limit=0 |                    | 422 | INVALID_ROLLOUT    | limit must be 1 to 200, got 0
            GET    | /endpoints/ENDPOINT/rollouts?after=x |                    | 404 | UNKNOWN_ROLLOUT    | no rollout x
            POST   | /endpoints/ENDPOINT/rollback | {"reason":7}               | 400 | WRONG_TYPE         | Field 'reason' must be a text
            POST   | /endpoints/ENDPOINT/rollback | {"why":"x"}                | 400 | UNKNOWN_FIELD      | 'why' is unknown here; the fields are reason
            POST   | /endpoints/ENDPOINT/rollback | {"reason":"\\u0000"}        | 422 | INVALID_VALUE      | 'reason' must not hold NUL
            POST   | /endpoints/ENDPOINT/rollback | {}                         | 409 | ROLLOUT_IN_PROGRESS | rollout ROLLOUT
            POST   | /endpoints/nothing/rollback  | {}                         | 404 | UNKNOWN_ENDPOINT   | "nothing"
            DELETE | /endpoints/ENDPOINT/standby  |                            | 409 | ROLLOUT_IN_PROGRESS | wait for its end
            DELETE | /endpoints/nothing/standby   |                            | 404 | UNKNOWN_ENDPOINT   | "nothing"
            GET    | /rollouts/NOBODY             |                            | 404 | UNKNOWN_ROLLOUT    | NOBODY
            GET    | /rollouts/seven              |                            | 404 | UNKNOWN_ROLLOUT    | seven
            GET    | /rollouts/ROLLOUT?for=ever   |                            | 422 | INVALID_ROLLOUT    | for must be terminal, held or switched, got 'ever'
            GET    | /rollouts/NOBODY?for=terminal |                           | 404 | UNKNOWN_ROLLOUT    | NOBODY
            POST   | /rollouts/NOBODY/promote     |                            | 404 | UNKNOWN_ROLLOUT    | NOBODY
            POST   | /rollouts/seven/promote      |                            | 404 | UNKNOWN_ROLLOUT    | seven
            POST   | /rollouts/ROLLOUT/promote    |                            | 409 | ILLEGAL_TRANSITION | promote
            GET    | /rollouts/ROLLOUT/promote    |                            | 405 | METHOD_NOT_ALLOWED | it takes POST
            POST   | /rollouts/NOBODY/abort       | {}                         | 404 | UNKNOWN_ROLLOUT    | NOBODY
            POST   | /rollouts/ROLLOUT/abort      | {"reason":[]}              | 400 | WRONG_TYPE         | Field 'reason' must be a text
            POST   | /rollouts/ROLLOUT/abort      | {                          | 400 | MALFORMED_JSON     | line 1, column
            """)
    void givenAMistakeWithARolloutTheAnswerSaysWhich(
            String method, String path, String body, int status, String code, String words) {
        Api.Answer answer = waiting.call(method, path, body);

        check(answer, status, code, waiting.filled(words));
    }

    /** On an endpoint that serves nothing and has no rollout: a first rollout reads its plan as carefully as a later one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                             | version is missing
            {"version":"1","promotion":"later"}            | promotion must be auto or manual, got 'later'
            {"version":"1","bake":"ten minutes"}           | bake: 'ten minutes' is not a duration: write a number with us, ms, s, m, h or d
            {"version":"1","bake":"31d","standby":"31d"}   | bake must be 0s to 30d
            {"version":"1","bake":"-PT1S"}                 | bake must be 0s to 30d
            {"version":"1","standby":"7 moons"}            | standby: '7 moons' is not a duration
            {"version":"1","standby":"31d"}                | standby must be 0s to 30d
            {"version":"1","bake":"2h","standby":"1h"}     | bake must not be longer than standby
            """)
    void givenABadPlanTheAnswerNamesTheFieldAndWhatIsAllowed(String body, String words) {
        String quiet = "q-" + Models.create(admin);
        Api.Answer declared = admin.put("/api/v1/endpoints/" + quiet, waiting.declared);
        String first = declared.json().at("/openRollout/id").asString();
        assertThat(admin.post("/api/v1/rollouts/" + first + "/abort", "{}").status())
                .isEqualTo(200);

        check(admin.post("/api/v1/endpoints/" + quiet + "/rollouts", body), 422, "INVALID_ROLLOUT", words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=soon", "wait=-1", "wait=1.5", "wait=", "wait=9999999999", "respond-async, wait=1m"})
    void givenAWaitThatIsNoNumberOfSecondsTheAnswerSaysSo(String prefer) {
        Api.Answer answer = admin.send(admin.request(waiting.rolloutPath() + "?for=terminal")
                .header("Prefer", prefer)
                .GET());

        check(answer, 422, "INVALID_ROLLOUT", "Prefer: wait must be whole seconds, such as wait=55, got '");
    }

    @Test
    void givenPreferencesThatAreNotKnownTheyAreIgnored() {
        Api.Answer answer = admin.send(admin.request(waiting.rolloutPath() + "?for=held")
                .header("Prefer", "respond-async, wait=\"0\"")
                .GET());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=0");
    }

    @Test
    void givenAReasonOfAThousandAndOneCharactersItIsRefused() {
        String reason = "{\"reason\":\"" + "x".repeat(1_001) + "\"}";

        check(
                admin.post(waiting.rolloutPath() + "/abort", reason),
                422,
                "INVALID_ROLLOUT",
                "reason must have 1000 characters or fewer, got 1001");
    }
}
