package dev.teal.gateway.fleet;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.FleetWorkers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The fleet's blocking calls, for threads of their own. */
public final class FleetCalls {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** The fleet holds a poll for up to 20 s. */
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(25);

    private static final Duration DEMAND_TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final URI fleet;
    private final String cellKey;

    public FleetCalls(URI fleet, String cellKey) {
        this.fleet = fleet;
        this.cellKey = cellKey;
    }

    FleetWorkers workers(long after) throws IOException, InterruptedException {
        HttpRequest request =
                request("/fleet/v1/workers?after=" + after, POLL_TIMEOUT).GET().build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("fleet answered " + response.statusCode());
        }
        return Json.MAPPER.readValue(response.body(), FleetWorkers.class);
    }

    void demand(Demand demand) throws IOException, InterruptedException {
        HttpRequest request = request("/fleet/v1/demand", DEMAND_TIMEOUT)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(demand)))
                .build();
        HttpResponse<Void> response = http.send(request, HttpResponse.BodyHandlers.discarding());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("fleet answered " + response.statusCode());
        }
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(fleet.resolve(path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + cellKey);
    }
}
