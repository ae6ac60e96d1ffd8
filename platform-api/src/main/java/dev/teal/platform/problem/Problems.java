package dev.teal.platform.problem;

import dev.teal.platform.problem.domain.Refused;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.validation.FieldError;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** From what was thrown to what is answered: our own refusals, the framework's, the database's, and the rest. */
final class Problems {
    private static final String RETRY_SECONDS = "2";

    private Problems() {}

    static Problem of(Throwable thrown) {
        return switch (thrown) {
            case Refused refused -> Problem.of(refused);
            case HttpMessageNotReadableException e -> unreadable(e);
            case JacksonException e -> JsonProblems.of(e);
            case MethodArgumentNotValidException e -> invalid(e);
            case HandlerMethodValidationException e -> invalid(e);
            case MethodArgumentTypeMismatchException e -> wrongParameter(e.getName(), e);
            case TypeMismatchException e -> wrongParameter(String.valueOf(e.getPropertyName()), e);
            case MissingServletRequestPartException e ->
                Problem.of(
                                400,
                                "missing-part",
                                "A part is missing",
                                "The multipart body needs a part '" + e.getRequestPartName() + "'.")
                        .with("part", e.getRequestPartName());
            case MissingServletRequestParameterException e ->
                Problem.of(
                                400,
                                "missing-parameter",
                                "A parameter is missing",
                                "The call needs the query parameter '" + e.getParameterName() + "'.")
                        .with("parameter", e.getParameterName());
            case MissingRequestHeaderException e ->
                Problem.of(
                                400,
                                "missing-header",
                                "A header is missing",
                                "The call needs the header '" + e.getHeaderName() + "'.")
                        .with("header", e.getHeaderName());
            case ServletRequestBindingException _ -> malformedRequest("A parameter or header can't be read.");
            case NoResourceFoundException _, NoHandlerFoundException _ -> unknownPath();
            case HttpRequestMethodNotSupportedException e ->
                methodNotAllowed(
                        e.getMethod(), e.getSupportedMethods() == null ? List.of() : List.of(e.getSupportedMethods()));
            case HttpMediaTypeNotAcceptableException e ->
                Problem.of(
                                406,
                                "not-acceptable",
                                "The answer can't have that content type",
                                "This call answers in " + types(e.getSupportedMediaTypes())
                                        + "; the header Accept allows none of these.")
                        .with("available", texts(e.getSupportedMediaTypes()));
            case HttpMediaTypeNotSupportedException e -> unsupported(e);
            case MaxUploadSizeExceededException e -> tooLarge(e.getMaxUploadSize());
            case MultipartException _ ->
                Problem.of(
                        400,
                        "malformed-multipart",
                        "The multipart body can't be read",
                        "The body must be complete multipart/form-data with the boundary that Content-Type names.");
            case RequestRejectedException _ ->
                malformedRequest("The path, a parameter, a header or the host name has a form that is not accepted.");
            case AsyncRequestTimeoutException _ ->
                unavailable("unavailable", "Not now", "The answer took too long. Try again.");
            case RuntimeException e when DatabaseFailures.isAway(e) -> databaseUnavailable();
            default -> internal();
        };
    }

    static Problem unknownPath() {
        return Problem.of(
                404,
                "unknown-path",
                "There is nothing here",
                "No call has this path. All calls are listed at /swagger-ui.html.");
    }

    static Problem methodNotAllowed(String method, List<String> allowed) {
        Problem problem = Problem.of(
                        405,
                        "method-not-allowed",
                        "That method is not for this path",
                        method + " is not for this path; it takes " + String.join(", ", allowed) + ".")
                .with("allowed", allowed);
        return allowed.isEmpty() ? problem : problem.header(HttpHeaders.ALLOW, String.join(", ", allowed));
    }

    static Problem malformedRequest(String detail) {
        return Problem.of(400, "malformed-request", "The request can't be read", detail);
    }

    static Problem databaseUnavailable() {
        return unavailable(
                "database-unavailable",
                "The database does not answer",
                "Nothing was changed, or it can't be said: send a change again with the same Idempotency-Key. Running endpoints go on serving.");
    }

    private static Problem unavailable(String slug, String title, String detail) {
        return Problem.of(503, slug, title, detail).header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }

    static Problem internal() {
        return Problem.of(
                500,
                "internal-error",
                "Something is wrong on our side",
                "The log has the details under the requestId given here.");
    }

    private static Problem unreadable(HttpMessageNotReadableException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Refused || cause instanceof JacksonException) {
                return of(cause);
            }
        }
        return Problem.of(400, "missing-body", "The body is missing", "This call needs a JSON body.");
    }

    private static Problem invalid(MethodArgumentNotValidException e) {
        Map<String, String> fields = new TreeMap<>();
        for (FieldError error : e.getBindingResult().getFieldErrors()) {
            fields.merge(
                    error.getField(), String.valueOf(error.getDefaultMessage()), (one, other) -> one + "; " + other);
        }
        return invalid(fields);
    }

    private static Problem invalid(HandlerMethodValidationException e) {
        Map<String, String> fields = new TreeMap<>();
        e.getParameterValidationResults().forEach(result -> {
            String name = String.valueOf(result.getMethodParameter().getParameterName());
            for (MessageSourceResolvable error : result.getResolvableErrors()) {
                String field = error instanceof FieldError fieldError ? fieldError.getField() : name;
                fields.merge(field, String.valueOf(error.getDefaultMessage()), (one, other) -> one + "; " + other);
            }
        });
        return invalid(fields);
    }

    private static Problem invalid(Map<String, String> fields) {
        String detail = String.join(
                "; ",
                fields.entrySet().stream()
                        .map(field -> "'" + field.getKey() + "' " + field.getValue())
                        .toList());
        return Problem.of(422, "invalid-value", "A value is against a rule", detail + ".")
                .with("fields", fields);
    }

    private static Problem wrongParameter(String name, TypeMismatchException e) {
        return Problem.of(
                        400,
                        "wrong-type",
                        "A value has the wrong type",
                        "'" + name + "' must be " + JsonProblems.described(e.getRequiredType()) + ", got "
                                + JsonProblems.shown(e.getValue()) + ".")
                .with("field", name);
    }

    private static Problem unsupported(HttpMediaTypeNotSupportedException e) {
        MediaType given = e.getContentType();
        Problem problem = Problem.of(
                        415,
                        "unsupported-media-type",
                        "The body has the wrong content type",
                        "The body must be " + types(e.getSupportedMediaTypes()) + ", got "
                                + (given == null ? "no Content-Type" : JsonProblems.shown(given)) + ".")
                .with("supported", texts(e.getSupportedMediaTypes()));
        return problem.header(HttpHeaders.ACCEPT, types(e.getSupportedMediaTypes()));
    }

    static Problem tooLarge(long limitBytes) {
        Problem problem = Problem.of(
                413,
                "body-too-large",
                "The body is too large",
                limitBytes > 0
                        ? "The body may have " + limitBytes + " bytes at most."
                        : "The body has more bytes than are taken.");
        return limitBytes > 0 ? problem.with("limitBytes", limitBytes) : problem;
    }

    private static List<String> texts(@Nullable List<MediaType> types) {
        // application/*+json is what the JSON converter adds; nobody wants to be told
        return types == null
                ? List.of()
                : types.stream()
                        .filter(MediaType::isConcrete)
                        .map(MediaType::toString)
                        .distinct()
                        .toList();
    }

    private static String types(@Nullable List<MediaType> types) {
        List<String> texts = texts(types);
        return texts.isEmpty() ? "application/json" : String.join(" or ", texts);
    }
}
