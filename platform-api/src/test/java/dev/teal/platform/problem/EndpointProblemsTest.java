package dev.teal.platform.problem;

import static dev.teal.platform.problem.WaitingEndpoint.admin;
import static dev.teal.platform.problem.WaitingEndpoint.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mistake that a person or a pipeline can make with endpoints, and what they read then. */
class EndpointProblemsTest {
    private static final WaitingEndpoint waiting = new WaitingEndpoint();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            PUT    | /endpoints/ENDPOINT |                                                   | 400 | MISSING_BODY           | needs a JSON body
            PUT    | /endpoints/ENDPOINT | {"model":                                         | 400 | MALFORMED_JSON         | line 1, column
            PUT    | /endpoints/ENDPOINT | []                                                | 400 | WRONG_TYPE             | The body must be an object
            PUT    | /endpoints/ENDPOINT | null                                              | 400 | MISSING_BODY           | needs a JSON body
            PUT    | /endpoints/ENDPOINT | {}                                                | 422 | INVALID_ENDPOINT       | model is missing
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL"}                                 | 422 | INVALID_ENDPOINT       | version is missing
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","version":1}                     | 400 | WRONG_TYPE             | Field 'version' must be a text
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","verison":"1"}                   | 400 | UNKNOWN_FIELD          | 'verison' is unknown here; the fields are configuration, model, region, version
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","version":"1","configuration":{"maxWorker":2}} | 400 | UNKNOWN_FIELD | 'configuration.maxWorker' is unknown here; the fields are batchDelay, bodyLimit,
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","version":"1","configuration":7} | 400 | WRONG_TYPE             | Field 'configuration' must be an object
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","version":"1","configuration":{"minWorkers":3,"maxWorkers":2}} | 422 | INVALID_ENDPOINT | minWorkers must not be above maxWorkers, got 3 and 2
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","version":"7"}                   | 422 | VERSION_NOT_REGISTERED | 7
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","version":"\\u0000"}              | 422 | INVALID_VALUE          | 'version' must not hold NUL
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","version":"\\ud800"}              | 422 | INVALID_VALUE          | 'version' must not hold NUL or half
            PUT    | /endpoints/ENDPOINT | {"model":"another","version":"1"}                 | 409 | ENDPOINT_IS_FIXED      | the model of endpoint "ENDPOINT" is MODEL
            PUT    | /endpoints/ENDPOINT | {"model":"MODEL","version":"1","region":"moon"}   | 409 | ENDPOINT_IS_FIXED      | the region of endpoint
            PUT    | /endpoints/new      | {"model":"MODEL","version":"1","region":"moon"}   | 422 | INVALID_ENDPOINT       | region must be one of [local], got 'moon'
            PUT    | /endpoints/new      | {"model":"nothing","version":"1"}                 | 422 | VERSION_NOT_REGISTERED | nothing
            PUT    | /endpoints/New      | {"model":"MODEL","version":"1"}                   | 422 | INVALID_ENDPOINT       | name has 1 to 63 of a-z, 0-9
            PUT    | /endpoints/-        | {"model":"MODEL","version":"1"}                   | 422 | INVALID_ENDPOINT       | got '-'
            POST   | /endpoints          | {}                                                | 404 | UNKNOWN_PATH           | swagger-ui
            PATCH  | /endpoints/ENDPOINT | {}                                                | 405 | METHOD_NOT_ALLOWED     | PUT
            GET    | /endpoints/nothing  |                                                   | 404 | UNKNOWN_ENDPOINT       | "nothing"
            DELETE | /endpoints/nothing  |                                                   | 404 | UNKNOWN_ENDPOINT       | "nothing"
            GET    | /endpoints?limit=0  |                                                   | 422 | INVALID_ENDPOINT       | limit must be 1 to 200, got 0
            GET    | /endpoints?limit=201 |                                                  | 422 | INVALID_ENDPOINT       | limit must be 1 to 200, got 201
            GET    | /endpoints?limit=ten |                                                  | 400 | WRONG_TYPE             | 'limit' must be a whole number, got 'ten'
            GET    | /endpoints?after=%00 |                                                  | 400 | MALFORMED_REQUEST      | a parameter
            """)
    void givenAMistakeWithAnEndpointTheAnswerSaysWhich(
            String method, String path, String body, int status, String code, String words) {
        Api.Answer answer = waiting.call(method, path, body);

        check(answer, status, code, waiting.filled(words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"99\"", "99", "yesterday's", "W/\"99\"", "\"98\", \"99\""})
    void givenAnotherGenerationInIfMatchNothingIsChanged(String ifMatch) {
        String declared =
                "{\"model\":\"" + waiting.model + "\",\"version\":\"1\",\"configuration\":{\"maxWorkers\":9}}";

        check(
                admin.put(waiting.path(), declared, "If-Match", ifMatch),
                412,
                "STALE_VERSION",
                "is at generation 0, If-Match names " + ifMatch);
        check(admin.post(waiting.path() + "/rollback", "{}", "If-Match", ifMatch), 412, "STALE_VERSION", ifMatch);
        check(admin.post(waiting.rolloutPath() + "/abort", "{}", "If-Match", ifMatch), 412, "STALE_VERSION", ifMatch);
        assertThat(admin.get(waiting.path())
                        .json()
                        .at("/configuration/maxWorkers")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void givenIfMatchOnAnEndpointThatIsNotThereItIsNotCreated() {
        Api.Answer answer = admin.put("/api/v1/endpoints/absent", waiting.declared, "If-Match", "*");

        check(answer, 412, "STALE_VERSION", "absent");
        assertThat(admin.get("/api/v1/endpoints/absent").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"PUT,/endpoints/ENDPOINT", "POST,/endpoints/ENDPOINT/rollouts", "POST,/endpoints/ENDPOINT/rollback"})
    void givenABodyAboveTheLimitItIsRefused(String method, String path) {
        Api.Answer answer = admin.call(method, "/api/v1" + waiting.filled(path), " ".repeat(1 << 20) + "{}");

        check(answer, 413, "BODY_TOO_LARGE", "1048576 bytes at most");
    }

    @Test
    void givenAnIdempotencyKeyThatIsTooLongItIsRefused() {
        Api.Answer answer = admin.put(waiting.path(), waiting.declared, "Idempotency-Key", "k".repeat(256));

        check(answer, 400, "INVALID_IDEMPOTENCY_KEY", "1 to 255");
    }

    @Test
    void givenAWrongContentTypeTheAnswerNamesTheRightOne() {
        Api.Answer answer = admin.send(admin.request(waiting.path())
                .header("Content-Type", "application/yaml")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("model: fraud")));

        check(answer, 415, "UNSUPPORTED_MEDIA_TYPE", "must be application/json, got 'application/yaml");
    }
}
