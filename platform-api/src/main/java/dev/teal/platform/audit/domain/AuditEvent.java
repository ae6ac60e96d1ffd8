package dev.teal.platform.audit.domain;

import dev.teal.protocol.cell.Digests;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One link of the chain.
 *
 * @param sequence from 1, without gaps
 * @param at to the microsecond, as the database keeps it
 * @param action {@code rollout.promote}: the kind of object and what was done
 * @param object {@code endpoints/fraud}: the path below {@code /api/v1}
 * @param detail JSON as maps, lists, texts, numbers, booleans
 * @param hash {@code SHA-256(previousHash + canonical JSON of all the rest)}
 */
public record AuditEvent(
        long sequence,
        Instant at,
        String actor,
        String action,
        String object,
        Result result,
        String requestId,
        Map<String, ?> detail,
        String previousHash,
        String hash) {
    /** Before the first event. */
    public static final String NO_HASH = "sha256:" + "0".repeat(64);

    /** Whether it was done or refused. */
    public enum Result {
        DONE,
        DENIED
    }

    /** The event that follows {@code sequence} and {@code previousHash}, with its hash. */
    public static AuditEvent after(
            long sequence,
            String previousHash,
            Instant at,
            String actor,
            String action,
            String object,
            Result result,
            String requestId,
            Map<String, ?> detail) {
        AuditEvent unhashed = new AuditEvent(
                sequence + 1,
                at.truncatedTo(ChronoUnit.MICROS),
                actor,
                action,
                object,
                result,
                requestId,
                detail,
                previousHash,
                "");
        return unhashed.withHash(unhashed.expectedHash());
    }

    public String expectedHash() {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("sequence", sequence);
        content.put("at", at.toString());
        content.put("actor", actor);
        content.put("action", action);
        content.put("object", object);
        content.put("result", result.name());
        content.put("requestId", requestId);
        content.put("detail", detail);
        return Digests.of(previousHash + Canonical.json(content));
    }

    private AuditEvent withHash(String newHash) {
        return new AuditEvent(sequence, at, actor, action, object, result, requestId, detail, previousHash, newHash);
    }
}
