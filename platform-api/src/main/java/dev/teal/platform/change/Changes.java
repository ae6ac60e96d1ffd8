package dev.teal.platform.change;

import dev.teal.platform.change.StoredResults.StoredResult;
import dev.teal.platform.problem.DatabaseFailures;
import dev.teal.platform.request.RequestBody;
import dev.teal.platform.request.RequestContext;
import dev.teal.protocol.cell.Digests;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs a change in one transaction with its audit event, its outbox rows and, where the caller sent an {@code Idempotency-Key}, its answer: a
 * caller who does not know whether a call arrived sends it again and gets the same answer, once the change is done, or the change, if it is not.
 *
 * <pre>{@code
 * return changes.once(() -> {
 *     Model model = models.create(request);          // JPA, JDBC: whatever joins the transaction
 *     audit.record("model.create", "models/" + model.name(), Map.of());
 *     return ResponseEntity.created(URI.create("/api/v1/models/" + model.name())).body(model);
 * });
 * }</pre>
 *
 * A change that throws leaves nothing: a refusal is judged anew when the call is repeated. Only the database may be touched in it, as it runs
 * again when two transactions were in each other's way.
 */
@Component
public class Changes {
    private static final int TRIES = 3;
    private static final int LONGEST_KEY = 255;

    private final TransactionTemplate transaction;
    private final StoredResults results;
    private final HttpServletRequest request;

    /** @param request stands for whichever request the calling thread answers */
    Changes(TransactionTemplate transaction, StoredResults results, HttpServletRequest request) {
        this.transaction = transaction;
        this.results = results;
        this.request = request;
    }

    public <T> ResponseEntity<T> once(Supplier<ResponseEntity<T>> change) {
        return once(Digests.of(RequestBody.ofCurrentRequest()), change, UnaryOperator.identity());
    }

    /** @param content stands for the body where that is streamed, such as the digests of an upload's parts */
    public <T> ResponseEntity<T> once(String content, Supplier<ResponseEntity<T>> change) {
        return once(content, change, UnaryOperator.identity());
    }

    /** @param kept what of the answer's body is kept for a repetition: a body that holds a secret is kept without it */
    public <T> ResponseEntity<T> once(Supplier<ResponseEntity<T>> change, UnaryOperator<T> kept) {
        return once(Digests.of(RequestBody.ofCurrentRequest()), change, kept);
    }

    private <T> ResponseEntity<T> once(String content, Supplier<ResponseEntity<T>> change, UnaryOperator<T> kept) {
        String key = request.getHeader("Idempotency-Key");
        if (key == null) {
            return inTransaction(change);
        }
        if (key.isBlank()
                || key.length() > LONGEST_KEY
                || !StandardCharsets.US_ASCII.newEncoder().canEncode(key)) {
            throw new InvalidIdempotencyKey(LONGEST_KEY);
        }
        String actor = RequestContext.current().actor();
        String fingerprint = Digests.of(request.getMethod() + '\n' + request.getRequestURI() + '\n' + content);
        return inTransaction(() -> {
            Optional<StoredResult> before = results.claim(actor, key);
            if (before.isPresent()) {
                return replayed(before.get(), fingerprint);
            }
            ResponseEntity<T> answer = change.get();
            if (!answer.getStatusCode().is5xxServerError()) {
                T body = answer.getBody();
                results.keep(actor, key, fingerprint, answer, body == null ? null : kept.apply(body));
            }
            return answer;
        });
    }

    /** The stored body is JSON already and not a {@code T}; the converters write what they are given, whatever the declared type. */
    @SuppressWarnings("unchecked")
    private static <T> ResponseEntity<T> replayed(StoredResult before, String fingerprint) {
        if (!before.fingerprint().equals(fingerprint)) {
            throw new IdempotencyKeyReused();
        }
        return (ResponseEntity<T>) before.answer();
    }

    private <T> ResponseEntity<T> inTransaction(Supplier<ResponseEntity<T>> change) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.execute(status -> {
                    ResponseEntity<T> answer = change.get();
                    if (answer.getStatusCode().is5xxServerError()) {
                        status.setRollbackOnly();
                    }
                    return answer;
                });
            } catch (RuntimeException e) {
                if (attempt == TRIES || !DatabaseFailures.isCollision(e)) {
                    throw e;
                }
            }
        }
    }
}
