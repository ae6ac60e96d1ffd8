package dev.teal.platform.audit;

import dev.teal.platform.audit.domain.AuditEvent;
import dev.teal.platform.audit.domain.ChainCheck;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Walks the whole chain. What it can't see is a log cut or rewritten as a whole: keep the hash of a walk elsewhere to see that too. */
@Component
class AuditVerifier {
    private static final int PAGE = 500;

    private final AuditChain chain;

    AuditVerifier(AuditChain chain) {
        this.chain = chain;
    }

    /**
     * What the walk found.
     *
     * @param events how many hold, from the first on
     * @param hash of the last of them
     * @param problem what is wrong with the next, or null
     */
    record Verification(
            boolean intact,
            long events,
            String hash,
            @Nullable String problem) {}

    /** One snapshot, so that events added meanwhile don't look like a wrong end. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public Verification verify() {
        return walk();
    }

    /** In whatever transaction there is. */
    Verification walk() {
        ChainCheck check = new ChainCheck();
        AuditChain.Head head = chain.head();
        for (List<AuditEvent> page = chain.page(0, null, PAGE);
                !page.isEmpty();
                page = chain.page(page.getLast().sequence(), null, PAGE)) {
            for (AuditEvent event : page) {
                Optional<String> problem = check.take(event);
                if (problem.isPresent()) {
                    return new Verification(false, check.checked(), check.hash(), problem.get());
                }
            }
        }
        Optional<String> end = check.end(head.sequence(), head.hash());
        return new Verification(end.isEmpty(), check.checked(), check.hash(), end.orElse(null));
    }
}
