package dev.teal.platform.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiTest {
    private final PlatformServer platform = PlatformServer.shared();
    private final JsonNode document = platform.as("").get("/v3/api-docs").json();

    @Test
    void givenTheDocumentEachOperationIsDescribedWithExamplesAndRefusals() {
        List<String> wanting = new ArrayList<>();
        int[] operations = {0};
        for (var path : document.get("paths").properties()) {
            for (var call : path.getValue().properties()) {
                if (path.getKey().startsWith("/cell/")) {
                    continue;
                }
                operations[0]++;
                String name = call.getKey() + " " + path.getKey();
                JsonNode operation = call.getValue();
                require(
                        wanting,
                        name + " summary",
                        !operation.path("summary").asString("").isBlank());
                require(
                        wanting,
                        name + " description",
                        !operation.path("description").asString("").isBlank());
                for (String status : List.of("400", "401", "403")) {
                    JsonNode response = operation.at("/responses/" + status + "/content/application~1problem+json");
                    require(wanting, name + " " + status, !response.isMissingNode());
                }
                for (JsonNode parameter : operation.path("parameters")) {
                    String where = name + " parameter " + parameter.get("name").asString();
                    require(
                            wanting,
                            where + " description",
                            !parameter.path("description").asString("").isBlank());
                    require(
                            wanting,
                            where + " example",
                            parameter.has("example") || parameter.at("/schema").has("example"));
                }
                JsonNode body = operation.at("/requestBody/content/application~1json");
                if (!body.isMissingNode()) {
                    require(wanting, name + " body example", hasExample(body));
                }
                for (String status : List.of("200", "201")) {
                    JsonNode answer = operation.at("/responses/" + status);
                    require(
                            wanting,
                            name + " " + status + " description",
                            !"".equals(answer.path("description").asString("-")));
                }
            }
        }

        assertThat(operations[0]).isGreaterThanOrEqualTo(20);
        assertThat(wanting).isEmpty();
    }

    @Test
    void givenAnExampleItHasNoMemberThatItsSchemaLacks() {
        for (String name : SchemaExamples.EXEMPLIFIED) {
            JsonNode schema = document.at("/components/schemas/" + name);

            assertThat(schema.at("/example").size()).as(name).isPositive();
            assertThat(schema.at("/properties").propertyNames())
                    .as(name)
                    .containsAll(schema.at("/example").propertyNames());
        }
    }

    @Test
    void givenAChangeItTakesAnIdempotencyKeyOnce() {
        List<String> headers = new ArrayList<>();
        for (JsonNode parameter : document.at("/paths/~1api~1v1~1endpoints~1{endpoint}/put/parameters")) {
            headers.add(parameter.get("name").asString());
        }

        assertThat(headers).containsExactlyInAnyOrder("endpoint", "If-Match", "Idempotency-Key");
        assertThat(document.at("/paths/~1api~1v1~1endpoints~1{endpoint}/get/parameters")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void givenAnUploadItsPartsAreShownByExample() {
        JsonNode body = document.at("/paths/~1api~1v1~1models~1{model}~1versions/post/requestBody/content")
                .path("multipart/form-data");

        assertThat(hasExample(body)).isTrue();
        assertThat(body.at("/encoding/metadata/contentType").asString()).isEqualTo("application/json");
    }

    private boolean hasExample(JsonNode body) {
        String reference = body.at("/schema/$ref").asString("");
        JsonNode schema = document.at(reference.replace("#", ""));
        return body.has("example") || body.has("examples") || schema.has("example") || schema.has("examples");
    }

    private static void require(List<String> wanting, String what, boolean there) {
        if (!there) {
            wanting.add(what);
        }
    }

    @Test
    void givenTheDocumentItIsOpenApi31WithABearerKey() {
        assertThat(document.get("openapi").asString()).startsWith("3.1");
        assertThat(document.at("/components/securitySchemes/key/scheme").asString())
                .isEqualTo("bearer");
        assertThat(document.at("/security/0").has("key")).isTrue();
    }

    @Test
    void givenABrowserThePagesComeWithAStrictContentPolicy() {
        Api.Answer page = platform.as("").get("/swagger-ui/index.html");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
        assertThat(page.header("Set-Cookie")).isEmpty();
        assertThat(page.text()).as("inline scripts would be blocked").doesNotContain("<script>");
        assertThat(platform.as("").get("/").header("Location")).endsWith("/swagger-ui.html");
    }
}
