package dev.teal.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gateway or fleet of another version, or one that was set up wrongly, is told. */
class CellProblemsTest {
    private final PlatformServer platform = PlatformServer.shared();
    private final Api cell = platform.as(PlatformServer.CELL_KEY);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET  | /local/state?after=x     |                      | 400 | WRONG_TYPE     | 'after' must be a whole number, got 'x'
            GET  | /moon/state              |                      | 404 | UNKNOWN_REGION | "moon"
            POST | /moon/members/a          | REPORT               | 404 | UNKNOWN_REGION | "moon"
            GET  | /local/artifacts/a       |                      | 404 | UNKNOWN_OBJECT | a
            GET  | /local/samples/sha256:00 |                      | 404 | UNKNOWN_OBJECT | sha256:00
            GET  | /moon/artifacts/a        |                      | 404 | UNKNOWN_REGION | "moon"
            POST | /local/members/a         |                      | 400 | MISSING_BODY   | needs a JSON body
            POST | /local/members/a         | {                    | 400 | MALFORMED_JSON | line 1
            POST | /local/members/a         | []                   | 400 | WRONG_TYPE     | The body must be an object
            POST | /local/members/a         | {"kind":"OVEN"}      | 400 | WRONG_TYPE     | Field 'kind' must be one of
            POST | /local/members/a         | {"sequence":"1"}     | 400 | WRONG_TYPE     | Field 'sequence' must be a whole number
            POST | /local/members/a         | {"prepared":7}       | 400 | WRONG_TYPE     | Field 'prepared' must be an array
            POST | /local/members/a         | {"sequence":1,"revision":1} | 422 | INVALID_REPORT | needs the field 'kind'
            POST | /local/members/a         | {"kind":"GATEWAY","sequence":1,"revision":1} | 422 | INVALID_REPORT | needs the field 'instance'
            POST | /local/members/a         | {"kind":"GATEWAY","instance":"\\u0000"} | 422 | INVALID_VALUE | 'instance' must not hold NUL
            PUT  | /local/members/a         | {}                   | 404 | UNKNOWN_PATH | swagger-ui
            """)
    void givenABadCallTheCellIsToldWhatIsWrong(
            String method, String path, String body, int status, String code, String words) {
        Api.Answer answer =
                cell.call(method, "/cell/v1" + path, body == null ? "" : body.replace("REPORT", report("")));

        assertThat(answer.text()).contains(words.replace("\"", "\\\""));
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).doesNotContain("Exception", "dev.teal", "org.spring", "select ", "jackson");
    }

    @Test
    void givenAnIdThatIsTooLongItIsRefused() {
        Api.Answer answer = cell.post("/cell/v1/local/members/" + "a".repeat(101), report(""));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("INVALID_REPORT");
        assertThat(answer.json().get("detail").asString()).contains("100 characters at most, got 101");
    }

    @Test
    void givenAReportAboveTheLimitItIsRefused() {
        Api.Answer answer = cell.post("/cell/v1/local/members/a", " ".repeat(8 << 20) + report(""));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().get("limitBytes").asInt()).isEqualTo(8 << 20);
    }

    /** Parts of different versions talk: what one does not know it skips, a list that it does not hear of is empty. */
    @Test
    void givenAReportOfAnotherVersionItIsTaken() {
        Api.Answer answer =
                cell.post("/cell/v1/local/members/fleet-of-another-version", report(",\"mood\":{\"level\":[1]}"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().get("leaseMillis").asLong()).isEqualTo(5000);
    }

    /** What is skipped counts too. */
    @Test
    void givenABodyThatIsDeeperThanJsonMayBeItIsRefusedWithTheLimit() {
        String deep = ",\"mood\":" + "[".repeat(63) + "]".repeat(63);
        String tooDeep = ",\"mood\":" + "[".repeat(64) + "]".repeat(64);

        assertThat(cell.post("/cell/v1/local/members/deep", report(deep)).status())
                .isEqualTo(200);
        Api.Answer answer = cell.post("/cell/v1/local/members/deep", report(tooDeep));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("MALFORMED_JSON");
        assertThat(answer.json().get("detail").asString()).contains("64 deep");
    }

    @Test
    void givenAPersonsKeyTheCellCallsAreClosed() {
        Api.Answer answer = platform.asAdmin().get("/cell/v1/local/state");

        assertThat(answer.status()).isIn(401, 403);
        assertThat(answer.code()).isNotBlank();
    }

    private static String report(String more) {
        return "{\"kind\":\"FLEET\",\"instance\":\"i\",\"sequence\":1,\"software\":\"0\",\"address\":\"http://127.0.0.1:1\",\"revision\":0"
                + more + "}";
    }
}
