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
        "/v2/models/fraud/config, fraud, , CONFIG",
        "/v2/models/fraud/versions/2/config, fraud, 2, CONFIG",
        "/v2/models/fraud/stats, fraud, , STATISTICS",
        "/v2/models/fraud/versions/2/stats, fraud, 2, STATISTICS",
        "/v2/models/stats/ready, stats, , READY",
        "/v2/models/fraud/versions/v10-rc.1/infer, fraud, v10-rc.1, INFER",
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
                "/v2/health/live/",
                "/v2/health//live",
                "/v2/repository",
                "/v2/repository/index/",
                "/v2/repository/models/a",
                "/v2/repository/models/a/reload",
                "/v2/repository/a/b/models/c/load",
                "/v2/repository//index",
                "/v2/models/a/stats/b",
                "/v2/trace",
                "/v2/logging/b",
                "/V2"
            })
    void pathsOfNothing(String path) {
        assertThat(DataPath.parse(path)).isInstanceOf(DataPath.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/%", "/v2/models/%2", "/v2/models/%zz/infer", "/v2/models/a%2/infer"})
    void pathsWithABadEscape(String path) {
        assertThat(DataPath.parse(path)).isInstanceOf(DataPath.Unknown.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/systemsharedmemory/status, system_shared_memory",
        "/v2/systemsharedmemory/region/a/register, system_shared_memory",
        "/v2/cudasharedmemory/unregister, cuda_shared_memory",
        "/v2/trace/setting, trace",
        "/v2/models/a/trace/setting, trace",
        "/v2/logging, logging",
        "/v2/models/a/generate, generate",
        "/v2/models/a/versions/1/generate_stream, generate",
    })
    void pathsOfExtensionsThatAreNotOffered(String path, String extension) {
        assertThat(DataPath.parse(path)).isEqualTo(new DataPath.Unsupported(extension));
    }

    @Test
    void pathsOfTheRepository() {
        assertThat(DataPath.parse("/v2/repository/index")).isEqualTo(new DataPath.RepositoryIndex());
        assertThat(DataPath.parse("/v2/repository/models/a%2Fb/load"))
                .isEqualTo(new DataPath.RepositoryModel("a/b", DataPath.Control.LOAD));
        assertThat(DataPath.parse("/v2/repository/models/a/unload"))
                .isEqualTo(new DataPath.RepositoryModel("a", DataPath.Control.UNLOAD));
        assertThat(DataPath.parse("/v2/repository/mine/index")).isEqualTo(new DataPath.NamedRepository());
        assertThat(DataPath.parse("/v2/repository/mine/models/a/load")).isEqualTo(new DataPath.NamedRepository());
    }

    @Test
    void statisticsOfAllHaveAPathOfTheirOwn() {
        assertThat(DataPath.parse("/v2/models/stats")).isEqualTo(new DataPath.Statistics());
    }

    @Test
    void aNameThatWasEncodedTwiceIsFoundAtTheSecondTry() {
        assertThat(DataPath.decodedAgain("%C3%A4")).contains("ä");
        assertThat(DataPath.decodedAgain("ä")).isEmpty();
        assertThat(DataPath.decodedAgain("100%")).isEmpty();
    }

    @Test
    void pathsOfTheServer() {
        assertThat(DataPath.parse("/v2")).isInstanceOf(DataPath.Server.class);
        assertThat(DataPath.parse("/v2/health/live")).isInstanceOf(DataPath.Live.class);
        assertThat(DataPath.parse("/v2/health/ready")).isInstanceOf(DataPath.Ready.class);
    }
}
