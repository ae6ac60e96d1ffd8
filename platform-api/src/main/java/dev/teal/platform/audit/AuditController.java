package dev.teal.platform.audit;

import dev.teal.platform.audit.domain.AuditEvent;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was done and by whom. */
@Tag(
        name = "Audit",
        description = "What was done, by whom, in an append-only log whose entries are chained by their hashes")
@RestController
@RequestMapping("/api/v1/audit-events")
class AuditController {
    private final AuditChain chain;
    private final AuditVerifier verifier;

    AuditController(AuditChain chain, AuditVerifier verifier) {
        this.chain = chain;
        this.verifier = verifier;
    }

    /** @param next what to send as {@code after} for the page that follows; null at the end */
    record AuditEvents(List<AuditEvent> items, @Nullable Long next) {}

    @Operation(
            summary = "List audit events",
            description =
                    "Oldest first. Send `next` of the answer as `after` to get the following page; `next` is null at the end.")
    @GetMapping
    AuditEvents list(
            @Parameter(description = "Only events after this sequence number", example = "0")
                    @RequestParam(defaultValue = "0")
                    @Min(0)
                    long after,
            @Parameter(description = "How many at most", example = "100")
                    @RequestParam(defaultValue = "100")
                    @Min(1)
                    @Max(1000)
                    int limit,
            @Parameter(description = "Only events of this object", example = "models/fraud-detection")
                    @RequestParam(required = false)
                    @Size(max = 300)
                    @Nullable
                    String object) {
        List<AuditEvent> events = chain.page(after, object, limit + 1);
        boolean more = events.size() > limit;
        List<AuditEvent> page = more ? events.subList(0, limit) : events;
        return new AuditEvents(page, more ? page.getLast().sequence() : null);
    }

    @Operation(
            summary = "Verify the audit log",
            description =
                    "Walks the chain of hashes from the first event to the last and says whether each one holds. "
                            + "Keep the `hash` of the answer outside of Teal: if the log is ever cut or rewritten as a whole, only that shows it.")
    @GetMapping("/verification")
    AuditVerifier.Verification verify() {
        return verifier.verify();
    }
}
