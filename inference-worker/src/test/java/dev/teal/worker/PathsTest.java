package dev.teal.worker;

import static dev.teal.worker.TestWorker.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Json;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Each path of the protocol: its method, its names, what it tells. */
class PathsTest {
    private static TestWorker worker;

    @BeforeAll
    static void start() throws IOException {
        worker = Fraud.served("v1.onnx");
    }

    @AfterAll
    static void stop() throws IOException {
        worker.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v2, GET",
        "/v2/health/live, GET",
        "/v2/health/ready, GET",
        "/v2/models/endpoint, GET",
        "/v2/models/endpoint/ready, GET",
        "/v2/models/endpoint/config, GET",
        "/v2/models/endpoint/stats, GET",
        "/v2/models/stats, GET",
        "/v2/models/endpoint/versions/7, GET",
        "/v2/models/endpoint/versions/7/ready, GET",
        "/v2/models/endpoint/versions/7/config, GET",
        "/v2/models/endpoint/versions/7/stats, GET",
        "/v2/models/endpoint/infer, POST",
        "/v2/models/endpoint/versions/7/infer, POST",
        "/v2/repository/index, POST",
        "/v2/repository/models/endpoint/load, POST",
        "/v2/repository/models/endpoint/unload, POST"
    })
    void anotherMethodIsRefusedAndTheRightOneTold(String path, String allowed) throws IOException {
        for (String method : new String[] {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
            UnixHttp.Response response = UnixHttp.once(worker.inference, method, path, NOTHING);
            if (method.equals(allowed)) {
                assertThat(response.status()).isNotIn(404, 405);
            } else {
                assertThat(response.status()).as(method).isEqualTo(405);
                assertThat(response.header("Allow")).contains(allowed);
                assertThat(Asked.error(response)).isEqualTo("Method Not Allowed");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v2/",
                "/v2x",
                "/v2/models",
                "/v2/models/",
                "/v2/models//infer",
                "/v2/models/endpoint/",
                "/v2/models/endpoint/versions",
                "/v2/models/endpoint/versions/7/",
                "/v2/models/endpoint/versions/7/infer/more",
                "/v2/models/endpoint/infer_stream",
                "/v2/health",
                "/v2/health/",
                "/v2/repository",
                "/v2/repository/models",
                "/v2/systemsharedmemory/status",
                "/v2/logging",
                "/metrics",
                "/worker/v1/status",
                "/%76%32"
            })
    void wherePathsEndThereIsNothing(String path) throws IOException {
        UnixHttp.Response response = worker.get(path);

        assertThat(response.status()).isEqualTo(404);
        assertThat(Asked.error(response)).isEqualTo("there is nothing at " + path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v2/models/%65ndpoint            | 200 | -
            /v2/models/endpoint/versions/%37 | 200 | -
            /v2/models/endpoint?verbose=1    | 200 | -
            /v2/models/a%2Fb                 | 404 | Request for unknown model: 'a/b' is not found
            /v2/models/a%20b/ready           | 404 | Request for unknown model: 'a b' is not found
            /v2/models/a+b/config            | 404 | Request for unknown model: 'a+b' is not found
            /v2/models/%C3%A9                | 404 | Request for unknown model: 'é' is not found
            /v2/models/endpoint/versions/v8  | 404 | Request for unknown model: 'endpoint' version v8 is not found
            /v2/models/endpoint%             | 400 | the path is not percent-encoded as it should be
            /v2/models/%zz/ready             | 400 | the path is not percent-encoded as it should be
            """)
    void namesArePercentEncodedSegments(String path, int status, String words) throws IOException {
        UnixHttp.Response response = worker.get(path);

        assertThat(response.status()).isEqualTo(status);
        if (status != 200) {
            assertThat(Asked.error(response)).isEqualTo(words);
        }
    }

    @Test
    void theServerTellsOnlyWhatWorks() throws IOException {
        JsonNode server = json(worker.get("/v2"));

        assertThat(server.path("name").asString()).isEqualTo("teal");
        assertThat(server.path("version").asString()).isNotEmpty();
        assertThat(server.path("extensions").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder(
                        "binary_tensor_data",
                        "classification",
                        "parameters",
                        "schedule_policy",
                        "model_configuration",
                        "model_repository",
                        "statistics");
    }

    @Test
    void theModelTellsItsTensors() throws IOException {
        JsonNode model = json(worker.get("/v2/models/endpoint"));

        assertThat(model.toString())
                .isEqualTo("{\"name\":\"endpoint\",\"versions\":[\"7\"],\"platform\":\"onnxruntime_onnx\","
                        + "\"inputs\":[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,8]},"
                        + "{\"name\":\"merchant_category\",\"datatype\":\"INT64\",\"shape\":[-1]}],"
                        + "\"outputs\":[{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[-1]},"
                        + "{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]}");
    }

    @Test
    void theConfigurationHasTheNamesThatClientsKnow() throws IOException {
        JsonNode config = json(worker.get("/v2/models/endpoint/config"));

        assertThat(config.path("name").asString()).isEqualTo("endpoint");
        assertThat(config.path("platform").asString()).isEqualTo("onnxruntime_onnx");
        assertThat(config.path("max_batch_size").asInt()).isPositive();
        assertThat(config.path("input").path(0).toString())
                .isEqualTo(
                        "{\"name\":\"features\",\"data_type\":\"TYPE_FP32\",\"format\":\"FORMAT_NONE\",\"dims\":[8]}");
        assertThat(config.path("output").path(1).path("dims").toString()).isEqualTo("[2]");
        assertThat(config.path("response_cache").path("enable").asBoolean()).isFalse();
        assertThat(config.path("instance_group").path(0).path("count").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                | 200 | [{"name":"endpoint","version":"7","state":"READY"}]
            {}                | 200 | [{"name":"endpoint","version":"7","state":"READY"}]
            {"ready":true}    | 200 | [{"name":"endpoint","version":"7","state":"READY"}]
            {"ready":false}   | 200 | [{"name":"endpoint","version":"7","state":"READY"}]
            {"ready":"true"}  | 400 | {"error":"the request cannot be read: 'ready' must be true or false"}
            {"ready":1}       | 400 | {"error":"the request cannot be read: 'ready' must be true or false"}
            {"ready":null}    | 400 | {"error":"the request cannot be read: 'ready' must be true or false"}
            """)
    void theIndexHasWhatIsServed(String body, int status, String answer) throws IOException {
        UnixHttp.Response response = index(worker, body);

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text()).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "nonsense", "{\"ready\":", "[}"})
    void anIndexOfWhatIsNotJsonIsRefused(String body) throws IOException {
        UnixHttp.Response response = index(worker, body);

        assertThat(response.status()).isEqualTo(400);
        assertThat(Asked.error(response)).startsWith("the request cannot be read: ");
    }

    @Test
    void anUnassignedWorkersIndexIsEmptyAndItsModelsAreNotYetThere() throws IOException {
        try (TestWorker unassigned = new TestWorker()) {
            assertThat(index(unassigned, "").text()).isEqualTo("[]");
            assertThat(index(unassigned, "{\"ready\":true}").text()).isEqualTo("[]");
            for (String path : new String[] {"", "/ready", "/config", "/stats"}) {
                UnixHttp.Response response = unassigned.get("/v2/models/endpoint" + path);
                assertThat(response.status()).as(path).isEqualTo(503);
                assertThat(response.header("Retry-After")).contains("1");
            }
        }
    }

    @Test
    void whatWouldLoadOrUnloadIsToldWhoDoesThat() throws IOException {
        for (String verb : new String[] {"load", "unload"}) {
            UnixHttp.Response response =
                    UnixHttp.once(worker.inference, "POST", "/v2/repository/models/endpoint/" + verb, "{}".getBytes());

            assertThat(response.status()).isEqualTo(400);
            assertThat(Asked.error(response)).contains("the platform loads and unloads models by itself");
        }
        UnixHttp.Response named =
                UnixHttp.once(worker.inference, "POST", "/v2/repository/mine/models/endpoint/load", NOTHING);
        assertThat(named.status()).isEqualTo(501);
        assertThat(Asked.error(named)).isEqualTo("'repository' names are not supported; leave it out");
    }

    private static UnixHttp.Response index(TestWorker asked, String body) throws IOException {
        return UnixHttp.once(asked.inference, "POST", "/v2/repository/index", body.getBytes());
    }

    private static JsonNode json(UnixHttp.Response response) {
        assertThat(response.status()).isEqualTo(200);
        return Json.MAPPER.readTree(response.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            GET    | /v2                                    | 200 | {"name":"teal"
            GET    | /v2/health/live                        | 200 | {"live":true}
            GET    | /v2/health/ready                       | 200 | {"ready":true}
            POST   | /v2/health/ready                       | 405 | Method Not Allowed
            GET    | /v2/health/other                       | 404 | there is nothing at
            GET    | /v2/models/endpoint                    | 200 | "platform":"onnxruntime_onnx"
            GET    | /v2/models/endpoint/versions/7         | 200 | "versions":["7"]
            GET    | /v2/models/endpoint/ready              | 200 | "ready":true
            GET    | /v2/models/endpoint/versions/7/ready   | 200 | "ready":true
            GET    | /v2/models/endpoint/versions/8/ready   | 404 | 'endpoint' version 8 is not found
            GET    | /v2/models/other                       | 404 | Request for unknown model: 'other' is not found
            POST   | /v2/models/other/infer                 | 404 | Request for unknown model: 'other' is not found
            POST   | /v2/models/endpoint/versions/8/infer   | 404 | Request for unknown model: 'endpoint' version 8 is not found
            GET    | /v2/models/endpoint/infer              | 405 | Method Not Allowed
            POST   | /v2/models/endpoint                    | 405 | Method Not Allowed
            GET    | /v2/models/endpoint/other              | 404 | there is nothing at
            GET    | /v2/models/endp%6Fint                  | 200 | "name":"endpoint"
            GET    | /v2/models/%2                          | 400 | percent-encoded
            GET    | /v2/models                             | 404 | there is nothing at
            GET    | /                                      | 404 | there is nothing at
            GET    | /v2/models/a/versions/b/c/d/e/f/g      | 404 | there is nothing at
            """)
    void thePathsAreTheProtocols(String method, String path, int status, String body) throws IOException {
        UnixHttp.Response response = UnixHttp.once(worker.inference, method, path, NOTHING);

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text()).contains(body);
    }
}
