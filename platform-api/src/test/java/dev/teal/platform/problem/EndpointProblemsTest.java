package dev.teal.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.Models;
import dev.teal.platform.registry.Models.Form;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mistake that a person or a pipeline can make with endpoints and rollouts, and what they read then. */
class EndpointProblemsTest {
    private static final PlatformServer platform = PlatformServer.shared();
    private static final Api admin = platform.asAdmin();
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private static String model = "";
    private static String endpoint = "";
    private static String rollout = "";

    /** No fleet runs here, so the first rollout waits for workers for as long as the tests take. */
    @BeforeAll
    static void declare() {
        model = Models.create(admin);
        Api.Answer upload = new Form()
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                .upload(admin, model);
        assertThat(upload.status()).as(upload.toString()).isEqualTo(201);
        endpoint = "e-" + model;
        Api.Answer declared =
                admin.put("/api/v1/endpoints/" + endpoint, "{\"model\":\"" + model + "\",\"version\":\"1\"}");
        assertThat(declared.status()).as(declared.toString()).isEqualTo(201);
        rollout = declared.json().at("/openRollout/id").asString();
    }

    private static String filled(String text) {
        return text.replace("MODEL", model)
                .replace("ENDPOINT", endpoint)
                .replace("ROLLOUT", rollout)
                .replace("NOBODY", NOBODY);
    }

    private static void check(Api.Answer answer, int status, String code, String words) {
        assertThat(answer.text()).contains(words.replace("\"", "\\\""));
        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text()).doesNotContain("Exception", "dev.teal", "org.spring", "select ", "jackson");
        assertThat(platform.as("").get(answer.json().get("type").asString()).status())
                .isEqualTo(200);
    }

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
        Api.Answer answer = admin.put(
                "/api/v1/endpoints/" + endpoint,
                "{\"model\":\"" + model + "\",\"version\":\"1\",\"configuration\":{\"" + field + "\":" + value + "}}");

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
        Api.Answer answer = admin.put(
                "/api/v1/endpoints/" + endpoint,
                "{\"model\":\"" + model + "\",\"version\":\"1\",\"configuration\":{\"" + field + "\":" + value + "}}");

        check(answer, 400, "WRONG_TYPE", "Field 'configuration." + field + "' must be " + type);
    }

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
        Api.Answer answer = admin.call(method, "/api/v1" + filled(path), body == null ? "" : filled(body));

        check(answer, status, code, filled(words));
    }

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
        Api.Answer answer = admin.call(method, "/api/v1" + filled(path), body == null ? "" : filled(body));

        check(answer, status, code, filled(words));
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
        Api.Answer declared =
                admin.put("/api/v1/endpoints/" + quiet, "{\"model\":\"" + model + "\",\"version\":\"1\"}");
        String first = declared.json().at("/openRollout/id").asString();
        assertThat(admin.post("/api/v1/rollouts/" + first + "/abort", "{}").status())
                .isEqualTo(200);

        check(admin.post("/api/v1/endpoints/" + quiet + "/rollouts", body), 422, "INVALID_ROLLOUT", words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"99\"", "99", "yesterday's", "W/\"99\"", "\"98\", \"99\""})
    void givenAnotherGenerationInIfMatchNothingIsChanged(String ifMatch) {
        String declared = "{\"model\":\"" + model + "\",\"version\":\"1\",\"configuration\":{\"maxWorkers\":9}}";

        check(
                admin.put("/api/v1/endpoints/" + endpoint, declared, "If-Match", ifMatch),
                412,
                "STALE_VERSION",
                "is at generation 0, If-Match names " + ifMatch);
        check(
                admin.post("/api/v1/endpoints/" + endpoint + "/rollback", "{}", "If-Match", ifMatch),
                412,
                "STALE_VERSION",
                ifMatch);
        check(
                admin.post("/api/v1/rollouts/" + rollout + "/abort", "{}", "If-Match", ifMatch),
                412,
                "STALE_VERSION",
                ifMatch);
        assertThat(admin.get("/api/v1/endpoints/" + endpoint)
                        .json()
                        .at("/configuration/maxWorkers")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void givenIfMatchOnAnEndpointThatIsNotThereItIsNotCreated() {
        Api.Answer answer = admin.put(
                "/api/v1/endpoints/absent", "{\"model\":\"" + model + "\",\"version\":\"1\"}", "If-Match", "*");

        check(answer, 412, "STALE_VERSION", "absent");
        assertThat(admin.get("/api/v1/endpoints/absent").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=soon", "wait=-1", "wait=1.5", "wait=", "wait=9999999999", "respond-async, wait=1m"})
    void givenAWaitThatIsNoNumberOfSecondsTheAnswerSaysSo(String prefer) {
        Api.Answer answer = admin.send(admin.request("/api/v1/rollouts/" + rollout + "?for=terminal")
                .header("Prefer", prefer)
                .GET());

        check(answer, 422, "INVALID_ROLLOUT", "Prefer: wait must be whole seconds, such as wait=55, got '");
    }

    @Test
    void givenPreferencesThatAreNotKnownTheyAreIgnored() {
        Api.Answer answer = admin.send(admin.request("/api/v1/rollouts/" + rollout + "?for=held")
                .header("Prefer", "respond-async, wait=\"0\"")
                .GET());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=0");
    }

    @Test
    void givenAReasonOfAThousandAndOneCharactersItIsRefused() {
        String reason = "{\"reason\":\"" + "x".repeat(1_001) + "\"}";

        check(
                admin.post("/api/v1/rollouts/" + rollout + "/abort", reason),
                422,
                "INVALID_ROLLOUT",
                "reason must have 1000 characters or fewer, got 1001");
    }

    @ParameterizedTest
    @CsvSource({"PUT,/endpoints/ENDPOINT", "POST,/endpoints/ENDPOINT/rollouts", "POST,/endpoints/ENDPOINT/rollback"})
    void givenABodyAboveTheLimitItIsRefused(String method, String path) {
        Api.Answer answer = admin.call(method, "/api/v1" + filled(path), " ".repeat(1 << 20) + "{}");

        check(answer, 413, "BODY_TOO_LARGE", "1048576 bytes at most");
    }

    @Test
    void givenAnIdempotencyKeyThatIsTooLongItIsRefused() {
        Api.Answer answer = admin.put(
                "/api/v1/endpoints/" + endpoint,
                "{\"model\":\"" + model + "\",\"version\":\"1\"}",
                "Idempotency-Key",
                "k".repeat(256));

        check(answer, 400, "INVALID_IDEMPOTENCY_KEY", "1 to 255");
    }

    @Test
    void givenAWrongContentTypeTheAnswerNamesTheRightOne() {
        Api.Answer answer = admin.send(admin.request("/api/v1/endpoints/" + endpoint)
                .header("Content-Type", "application/yaml")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString("model: fraud")));

        check(answer, 415, "UNSUPPORTED_MEDIA_TYPE", "must be application/json, got 'application/yaml");
    }
}
