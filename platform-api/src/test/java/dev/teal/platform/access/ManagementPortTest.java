package dev.teal.platform.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.PlatformServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What watches the machine needs no key, and finds nothing there but health and metrics. */
class ManagementPortTest {
    private static final PlatformServer PLATFORM = PlatformServer.shared();

    @ParameterizedTest
    @CsvSource({
        "/actuator/health, 200, UP",
        "/actuator/health/liveness, 200, UP",
        "/actuator/prometheus, 200, jvm_memory_used_bytes",
    })
    void givenNoKeyHealthAndMetricsAreShown(String path, int status, String content) throws Exception {
        HttpResponse<String> response = get(PLATFORM.managementPort(), path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(content);
    }

    @ParameterizedTest
    @CsvSource({"/actuator/env", "/actuator/heapdump", "/api/v1/models"})
    void givenAnythingElseOnTheManagementPortNothingIsThere(String path) throws Exception {
        assertThat(get(PLATFORM.managementPort(), path).statusCode()).isIn(401, 403, 404);
    }

    @Test
    void givenTheApisPortThereIsNoActuator() throws Exception {
        assertThat(get(PLATFORM.port(), "/actuator/health").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
