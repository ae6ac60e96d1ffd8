package dev.teal.platform.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Whatever a controller throws becomes a problem document. A feature adds a {@link dev.teal.platform.problem.domain.Refused}, nothing here. */
@RestControllerAdvice
class ProblemAdvice {
    private final ProblemWriter writer;

    ProblemAdvice(ProblemWriter writer) {
        this.writer = writer;
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<SequencedMap<String, Object>> refused(
            Exception thrown, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted() || thrown instanceof AsyncRequestNotUsableException) {
            // The caller is gone, or has half of an answer: only a broken connection says so.
            return null;
        }
        response.resetBuffer();
        return writer.entity(thrown, request, response);
    }
}
