package dev.teal.gateway.route.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.route.domain.DataPath.Action;
import dev.teal.gateway.route.domain.DataPath.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataPathTest {
    @ParameterizedTest
    @CsvSource({
        "/v2/models/fraud, fraud, , METADATA",
        "/v2/models/fraud/ready, fraud, , READY",
        "/v2/models/fraud/infer, fraud, , INFER",
        "/v2/models/fraud/versions/2, fraud, 2, METADATA",
        "/v2/models/fraud/versions/2/ready, fraud, 2, READY",
        "/v2/models/fraud/versions/2/infer, fraud, 2, INFER",
        "/v2/models/fr%61ud/infer, fraud, , INFER",
        "/v2/models/a%2Fb/infer, a/b, , INFER",
        "/v2/models/%C3%A4/infer, ä, , INFER",
        "/v2/models/versions/infer, versions, , INFER",
        "/v2/models/100%25/infer, 100%, , INFER",
    })
    void pathsOfModels(String path, String endpoint, String version, Action action) {
        assertThat(DataPath.parse(path)).isEqualTo(new Model(endpoint, version, action));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/v2/",
                "/v1",
                "/v2/models",
                "/v2/models/",
                "/v2//models/a",
                "/v2/models/a/",
                "/v2/models/a/INFER",
                "/v2/models/a/infer/",
                "/v2/models/a/versions/",
                "/v2/models/a/versions//infer",
                "/v2/models/a/b/infer",
                "/v2/health",
                "/v2/health/other",
                "/V2"
            })
    void pathsOfNothing(String path) {
        assertThat(DataPath.parse(path)).isInstanceOf(DataPath.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/%", "/v2/models/%2", "/v2/models/%zz/infer", "/v2/models/a%2/infer"})
    void pathsWithABadEscape(String path) {
        assertThat(DataPath.parse(path)).isInstanceOf(DataPath.Malformed.class);
    }

    @Test
    void pathsOfTheServer() {
        assertThat(DataPath.parse("/v2")).isInstanceOf(DataPath.Server.class);
        assertThat(DataPath.parse("/v2/health/live")).isInstanceOf(DataPath.Live.class);
        assertThat(DataPath.parse("/v2/health/ready")).isInstanceOf(DataPath.Ready.class);
    }
}
