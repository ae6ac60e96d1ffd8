package dev.teal.platform.problem.domain;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A call that is refused for a reason its caller can understand. Features throw subclasses; the one advice answers each with a problem
 * document (RFC 9457), so a feature writes no HTTP.
 *
 * <p>How to add one: name the class for what happened ({@code RolloutInProgress}). From that name come the document's {@code type}
 * ({@code /problems/rollout-in-progress}) and {@code code} ({@code ROLLOUT_IN_PROGRESS}), so a class, once released, keeps its name. Explain it in
 * {@code docs/problems.md} under {@code ### rollout-in-progress}; a test fails for a class without that. Say in the message what is wrong and what
 * to do, with the offending value; put facts that programs want into {@link #properties()}.
 */
public abstract class Refused extends RuntimeException {
    /** What sort of refusal, and so its status. */
    public enum Kind {
        /** 400: cannot be read as what it should be. */
        MALFORMED,
        /** 401: no valid key. */
        UNAUTHENTICATED,
        /** 403: a valid key that may not do this. */
        FORBIDDEN,
        /** 404: names something that is not there. */
        UNKNOWN,
        /** 409: not in the state that things are in. */
        CONFLICT,
        /** 412: what {@code If-Match} named is no longer so. */
        STALE,
        /** 413: more bytes than are taken. */
        TOO_LARGE,
        /** 422: well-formed, but against a rule. */
        INVALID,
        /** 428: needs {@code If-Match}. */
        UNCONDITIONAL,
        /** 429: too often. */
        TOO_MANY,
        /** 503: not now. */
        UNAVAILABLE,
        /** 507: no room to keep it. */
        NO_ROOM
    }

    private final Kind kind;
    private final String title;

    /**
     * @param title the same few words for every refusal of this class
     * @param detail what is wrong this time, and what to do
     */
    protected Refused(Kind kind, String title, String detail) {
        super(detail);
        this.kind = kind;
        this.title = title;
    }

    public final Kind kind() {
        return kind;
    }

    public final String title() {
        return title;
    }

    public final String detail() {
        return String.valueOf(getMessage());
    }

    /** Further members of the document, in this order; values are what JSON can show. */
    public Map<String, Object> properties() {
        return Map.of();
    }

    /** When asking again may help. */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /** {@code rollout-in-progress}: the last part of the document's type. */
    public final String slug() {
        return slug(getClass());
    }

    public static String slug(Class<? extends Refused> refusal) {
        return refusal.getSimpleName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** {@code ROLLOUT_IN_PROGRESS}: stable, for programs. */
    public final String code() {
        return slug().replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
