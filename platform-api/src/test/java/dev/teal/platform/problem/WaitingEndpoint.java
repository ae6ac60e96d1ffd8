package dev.teal.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.Models;
import dev.teal.platform.registry.Models.Form;

/** An endpoint whose first rollout waits for workers for as long as the tests take: no fleet runs here. */
final class WaitingEndpoint {
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    static final PlatformServer platform = PlatformServer.shared();
    static final Api admin = platform.asAdmin();

    final String model;
    final String name;
    final String rollout;
    /** The declaration that made it. */
    final String declared;

    WaitingEndpoint() {
        model = Models.create(admin);
        Api.Answer upload = new Form()
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                .upload(admin, model);
        assertThat(upload.status()).as(upload.toString()).isEqualTo(201);
        name = "e-" + model;
        declared = "{\"model\":\"" + model + "\",\"version\":\"1\"}";
        Api.Answer answer = admin.put(path(), declared);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        rollout = answer.json().at("/openRollout/id").asString();
    }

    String path() {
        return "/api/v1/endpoints/" + name;
    }

    String rolloutPath() {
        return "/api/v1/rollouts/" + rollout;
    }

    String filled(String text) {
        return text.replace("MODEL", model)
                .replace("ENDPOINT", name)
                .replace("ROLLOUT", rollout)
                .replace("NOBODY", NOBODY);
    }

    /** Makes a call of a table, whose names are filled in. */
    Api.Answer call(String method, String path, String body) {
        return admin.call(method, "/api/v1" + filled(path), body == null ? "" : filled(body));
    }

    static void check(Api.Answer answer, int status, String code, String words) {
        assertThat(answer.text()).contains(words.replace("\"", "\\\""));
        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text()).doesNotContain("Exception", "dev.teal", "org.spring", "select ", "jackson");
        assertThat(platform.as("").get(answer.json().get("type").asString()).status())
                .isEqualTo(200);
    }
}
