package dev.teal.fleet.wake;

import dev.teal.fleet.run.NotWoken;
import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

@RestControllerAdvice
class WakeProblems {

    @ExceptionHandler
    ProblemDetail unknownEnvironment(UnknownEnvironment unknown) {
        return problem(HttpStatus.NOT_FOUND, "unknown-environment", "Environment unknown", unknown);
    }

    @ExceptionHandler
    ProblemDetail otherDigest(OtherDigest other) {
        ProblemDetail problem = problem(HttpStatus.CONFLICT, "other-digest", "Another version is there", other);
        problem.setProperty("digest", other.current());
        return problem;
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notWoken(NotWoken refused) {
        ProblemDetail problem = problem(HttpStatus.SERVICE_UNAVAILABLE, "no-worker", "No worker is ready", refused);
        refused.code().ifPresent(code -> problem.setProperty("code", code));
        long seconds = Math.max(1, refused.retryAfter().plusMillis(999).toSeconds());
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, Long.toString(seconds))
                .body(problem);
    }

    private static ProblemDetail problem(HttpStatus status, String type, String title, Exception reason) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, String.valueOf(reason.getMessage()));
        problem.setType(URI.create("/problems/" + type));
        problem.setTitle(title);
        return problem;
    }
}
