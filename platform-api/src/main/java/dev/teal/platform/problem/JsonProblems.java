package dev.teal.platform.problem;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** What was wrong with a JSON body, said by field and in the caller's words, never in a class's. */
final class JsonProblems {
    private static final int LONGEST_VALUE = 100;

    private JsonProblems() {}

    static Problem of(JacksonException failure) {
        return switch (failure) {
            case UnrecognizedPropertyException e -> unknownField(e);
            case InvalidFormatException e
            when e.getTargetType() == String.class && e.getValue() instanceof String ->
                Problem.of(
                                422,
                                "invalid-value",
                                "A value is against a rule",
                                "Field '" + path(e)
                                        + "' must not hold NUL or half of a surrogate pair: such a text can't be stored.")
                        .with("field", path(e));
            case InvalidFormatException e
            when e.getTargetType() != null && e.getTargetType().isEnum() ->
                wrongType(
                        e,
                        "one of " + Arrays.toString(e.getTargetType().getEnumConstants()) + ", got "
                                + shown(e.getValue()));
            case InvalidFormatException e ->
                wrongType(e, described(e.getTargetType()) + ", got " + shown(e.getValue()));
            case MismatchedInputException e -> wrongType(e, described(e.getTargetType()));
            case ValueInstantiationException e
            when e.getCause() instanceof IllegalArgumentException rule ->
                Problem.of(422, "invalid-value", "A value is against a rule", String.valueOf(rule.getMessage()))
                        .with("field", path(e));
            // Well-formed, but a number that no field has room for
            case InputCoercionException e -> wrongType(e, described(e.getTargetType()) + " of ordinary size");
            case StreamConstraintsException _ ->
                Problem.of(
                        400,
                        "malformed-json",
                        "The body is not JSON",
                        "The body is deeper or longer than JSON may be here: objects and arrays stand 64 deep at most, and a text has 65,536"
                                + " characters at most.");
            case StreamReadException e -> malformed(e);
            default -> malformed(failure);
        };
    }

    private static Problem unknownField(UnrecognizedPropertyException e) {
        Collection<Object> known = e.getKnownPropertyIds();
        List<String> allowed = known == null
                ? List.of()
                : known.stream().map(String::valueOf).sorted().toList();
        return Problem.of(
                        400,
                        "unknown-field",
                        "A field is unknown",
                        "Field '" + path(e) + "' is unknown here; the fields are " + String.join(", ", allowed) + ".")
                .with("field", path(e))
                .with("allowed", allowed);
    }

    private static Problem wrongType(JacksonException e, String wanted) {
        String path = path(e);
        return Problem.of(
                        400,
                        "wrong-type",
                        "A value has the wrong type",
                        (path.isEmpty() ? "The body" : "Field '" + path + "'") + " must be " + wanted + ".")
                .with("field", path);
    }

    private static Problem malformed(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        Problem problem = Problem.of(
                400,
                "malformed-json",
                "The body is not JSON",
                "The body can't be read as JSON"
                        + (at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr())
                        + ". Names and texts stand in double quotes, and nothing may follow the last bracket.");
        return at == null ? problem : problem.with("line", at.getLineNr()).with("column", at.getColumnNr());
    }

    /** {@code configuration.limits[2].name}; empty for the body itself. */
    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        return "'" + (text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text) + "'";
    }

    static String described(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a text";
        }
        if (type == Instant.class) {
            return "a time in ISO-8601 such as 2026-11-22T21:00:00Z";
        }
        if (type == Duration.class) {
            return "a duration in ISO-8601 such as PT10M";
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "an array";
        }
        return Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : "of another type";
    }
}
