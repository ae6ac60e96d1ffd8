package dev.teal.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.problem.domain.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {
    private final PlatformServer platform = PlatformServer.shared();
    private final Api admin = platform.asAdmin();

    @Test
    void givenARefusalItsTypeLeadsToAnExplanation() {
        List<String> unexplained = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.teal.platform")
                        .stream()
                        .filter(type -> type.isAssignableTo(Refused.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(type -> Refused.slug(type.reflect().asSubclass(Refused.class)))
                        .filter(slug -> platform.as("").get("/problems/" + slug).status() != 200)
                        .sorted()
                        .toList();

        assertThat(unexplained).as("not in docs/problems.md").isEmpty();
        assertThat(platform.as("").get("/problems/nothing").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST  | /api/v1/models   |                                     | 400 | MISSING_BODY       | needs a JSON body
            POST  | /api/v1/models   | {                                   | 400 | MALFORMED_JSON     | line 1, column
            POST  | /api/v1/models   | {"name":"a"} x                      | 400 | MALFORMED_JSON     | JSON
            POST  | /api/v1/models   | {"name":"a","name":"b"}             | 400 | MALFORMED_JSON     | JSON
            POST  | /api/v1/models   | []                                  | 400 | WRONG_TYPE         | The body must be an object
            POST  | /api/v1/models   | {"name":7}                          | 400 | WRONG_TYPE         | Field 'name' must be a text
            POST  | /api/v1/models   | {"name":{"a":1}}                    | 400 | WRONG_TYPE         | Field 'name' must be a text
            POST  | /api/v1/models   | {"nam":"a"}                         | 400 | UNKNOWN_FIELD      | the fields are description, name
            POST  | /api/v1/models   | {}                                  | 422 | INVALID_VALUE      | 'name' must not be null
            POST  | /api/v1/models   | {"name":"Ä"}                        | 422 | INVALID_VALUE      | 'name' must be 1 to 63
            POST  | /api/v1/models   | {"name":"a","description":"\\u0000"} | 422 | INVALID_VALUE      | 'description' must not hold NUL
            GET   | /api/v1/models?limit=0    |                            | 422 | INVALID_VALUE      | 'limit' must be greater than or equal to 1
            GET   | /api/v1/models?limit=x    |                            | 400 | WRONG_TYPE         | 'limit' must be a whole number, got 'x'
            GET   | /api/v1/models/unknown    |                            | 404 | UNKNOWN_MODEL      | 'unknown'
            GET   | /api/v1/models/unknown/versions          |             | 404 | UNKNOWN_MODEL      | 'unknown'
            GET   | /api/v1/models/unknown/versions/1        |             | 404 | UNKNOWN_MODEL_VERSION | 'unknown' has no version '1'
            GET   | /api/v1/models/unknown/versions/1/artifact |           | 404 | UNKNOWN_MODEL_VERSION | no version
            GET   | /api/v1/models/unknown/versions/1/samples |            | 404 | UNKNOWN_MODEL_VERSION | no version
            GET   | /api/v1/audit-events?after=-1 |                        | 422 | INVALID_VALUE      | 'after'
            GET   | /api/v1/nothing           |                            | 404 | UNKNOWN_PATH       | swagger-ui
            POST  | /api/v1/nothing           | {}                         | 404 | UNKNOWN_PATH       | swagger-ui
            PATCH | /api/v1/models            | {}                         | 405 | METHOD_NOT_ALLOWED | it takes POST
            DELETE| /api/v1/audit-events      |                            | 404 | UNKNOWN_PATH       | swagger-ui
            POST  | /api/v1/api-keys | {"name":"a","role":"BOSS"}          | 400 | WRONG_TYPE         | one of [VIEWER, DEPLOYER, OPERATOR, ADMIN, INFERENCE, CELL], got 'BOSS'
            POST  | /api/v1/api-keys | {"name":"a","role":"CELL"}          | 422 | INVALID_ROLE       | cell key
            POST  | /api/v1/api-keys | {"name":" ","role":"VIEWER"}        | 422 | INVALID_VALUE      | 'name' must not be blank
            POST  | /api/v1/api-keys | {"name":"a","role":"VIEWER","expiresAt":"soon"} | 400 | WRONG_TYPE | ISO-8601
            POST  | /api/v1/api-keys | {"name":"a","role":"VIEWER","expiresAt":"2001-01-01T00:00:00Z"} | 422 | EXPIRY_IN_THE_PAST | 'expiresAt'
            GET   | /api/v1/api-keys/zzzzzzzzzzzz |                        | 404 | UNKNOWN_API_KEY    | zzzzzzzzzzzz
            DELETE| /api/v1/api-keys/zzzzzzzzzzzz |                        | 404 | UNKNOWN_API_KEY    | zzzzzzzzzzzz
            GET   | /api/v1/models/a%2Fb      |                            | 400 | MALFORMED_REQUEST  | not accepted
            GET   | /api/v1/models;x=1        |                            | 400 | MALFORMED_REQUEST  | not accepted
            GET   | /api/v1//models           |                            | 400 | MALFORMED_REQUEST  | not accepted
            """)
    void givenBadInputTheAnswerIsASpecificProblem(
            String method, String path, String body, int status, String code, String words) {
        Api.Answer answer = admin.call(method, path, body == null ? "" : body);

        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("requestId").asString()).isEqualTo(answer.header("X-Request-Id"));
        assertThat(answer.text()).doesNotContain("Exception", "dev.teal", "org.spring", "select ", "jackson");
        assertThat(platform.as("").get(answer.json().get("type").asString()).status())
                .isEqualTo(200);
    }

    @Test
    void givenATextThatIsLongerThanJsonMayBeItIsRefusedWithTheLimit() {
        String most = "{\"name\":\"" + "x".repeat(65_536) + "\"}";
        String tooLong = "{\"name\":\"" + "x".repeat(65_537) + "\"}";

        assertThat(admin.post("/api/v1/models", most).code()).isEqualTo("INVALID_VALUE");
        Api.Answer answer = admin.post("/api/v1/models", tooLong);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("MALFORMED_JSON");
        assertThat(answer.json().get("detail").asString()).contains("65,536 characters");
    }

    @Test
    void givenAWrongContentTypeTheAnswerNamesTheRightOne() {
        Api.Answer answer = admin.send(admin.request("/api/v1/models")
                .header("Content-Type", "text/plain")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.json().get("detail").asString()).contains("application/json", "text/plain");
    }

    @Test
    void givenAnUnacceptableAcceptTheAnswerIsStillAProblem() {
        Api.Answer answer = admin.send(
                admin.request("/api/v1/models").header("Accept", "image/png").GET());

        assertThat(answer.status()).isEqualTo(406);
        assertThat(answer.code()).isEqualTo("NOT_ACCEPTABLE");
    }

    @Test
    void givenABodyAboveTheLimitItIsRefused() {
        Api.Answer answer = admin.post("/api/v1/models", " ".repeat(1 << 20) + "{}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("BODY_TOO_LARGE");
        assertThat(answer.json().get("limitBytes").asInt()).isEqualTo(1 << 20);
    }
}
