package dev.teal.protocol.cell;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The control plane as a member sees it: two calls, both opened by the cell. Blocking; one instance serves many threads. */
public final class ControlPlane {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** The server holds a poll for up to 20 s. */
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(25);

    private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final URI address;
    private final String region;
    private final String cellKey;

    /** @param cellKey the cell's secret, sent as a bearer token */
    public ControlPlane(URI address, String region, String cellKey) {
        this.address = address;
        this.region = region;
        this.cellKey = cellKey;
    }

    /** Waits up to 20 s for a state above {@code after}; without news, an update at {@code after} itself. {@code 0} gives the whole. */
    public StateUpdate state(long after) throws IOException, InterruptedException {
        HttpRequest request = request("/cell/v1/" + region + "/state?after=" + after, POLL_TIMEOUT)
                .GET()
                .build();
        return send(request, StateUpdate.class);
    }

    public MemberReply report(String member, MemberReport report) throws IOException, InterruptedException {
        HttpRequest request = request("/cell/v1/" + region + "/members/" + member, REPORT_TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(report)))
                .build();
        return send(request, MemberReply.class);
    }

    /** A request to the control plane with the cell's key, for what the records do not cover (fetching an artifact by its path). */
    public HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(address.resolve(path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + cellKey);
    }

    public HttpClient http() {
        return http;
    }

    private <T> T send(HttpRequest request, Class<T> type) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("control plane answered " + response.statusCode() + " to "
                    + request.uri().getPath());
        }
        return Json.MAPPER.readValue(response.body(), type);
    }
}
