package dev.teal.platform.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers with problem documents: from controllers by the advice, and from filters, where nothing else would. */
@Component
public class ProblemWriter {
    private static final Logger log = LoggerFactory.getLogger(ProblemWriter.class);

    private final JsonMapper json;

    ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    /** For filters and security's entry points: maps {@code thrown} as the advice would. */
    public void write(Throwable thrown, HttpServletRequest request, HttpServletResponse response) throws IOException {
        write(judged(thrown, request), response);
    }

    /** 404, or 405 where the path is known with other methods. */
    public void writeUnknown(String method, List<String> otherMethods, HttpServletResponse response)
            throws IOException {
        write(
                otherMethods.isEmpty() ? Problems.unknownPath() : Problems.methodNotAllowed(method, otherMethods),
                response);
    }

    ResponseEntity<SequencedMap<String, Object>> entity(
            Throwable thrown, HttpServletRequest request, HttpServletResponse response) {
        Problem problem = judged(thrown, request);
        return ResponseEntity.status(problem.status())
                .headers(problem.headers())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.document(requestId(response)));
    }

    void write(Problem problem, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        byte[] body = json.writeValueAsBytes(problem.document(requestId(response)));
        response.resetBuffer();
        response.setStatus(problem.status());
        problem.headers().forEach((name, values) -> response.setHeader(name, String.join(", ", values)));
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static Problem judged(Throwable thrown, HttpServletRequest request) {
        Problem problem = Problems.of(thrown);
        if (problem.status() == 500) {
            log.atError()
                    .addKeyValue("http.route", request.getRequestURI())
                    .setCause(thrown)
                    .log("Request failed");
        } else if (problem.status() >= 503) {
            log.atWarn()
                    .addKeyValue("http.route", request.getRequestURI())
                    .addKeyValue("error.type", problem.slug())
                    .addKeyValue("cause", String.valueOf(thrown.getMessage()))
                    .log("Request can't be answered now");
        }
        return problem;
    }

    private static String requestId(HttpServletResponse response) {
        return String.valueOf(response.getHeader("X-Request-Id"));
    }
}
