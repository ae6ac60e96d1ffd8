package dev.teal.fleet.cell;

import dev.teal.protocol.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** A problem document from a filter, which runs before Spring could write one. */
record Problem(int status, String type, String title, String detail) {

    void write(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .write(Json.MAPPER.writeValueAsBytes(
                        Map.of("type", "/problems/" + type, "title", title, "status", status, "detail", detail)));
    }
}
