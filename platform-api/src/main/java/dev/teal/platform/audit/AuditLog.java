package dev.teal.platform.audit;

import dev.teal.platform.audit.domain.AuditEvent;
import dev.teal.platform.audit.domain.AuditEvent.Result;
import dev.teal.platform.request.RequestContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Where each feature says what it did. No event, no change: both are one transaction. */
@Component
public class AuditLog {
    private final AuditChain chain;
    private final InstantSource clock;

    AuditLog(AuditChain chain, InstantSource clock) {
        this.chain = chain;
        this.clock = clock;
    }

    /**
     * Adds an event to the running transaction, with the actor and number of the request that this thread answers. It is written as the last
     * thing before the commit, because the chain's end is locked from then on and all changes queue for it.
     *
     * @param action {@code rollout.promote}
     * @param object {@code endpoints/fraud}
     * @param detail maps, lists, texts, numbers, booleans; no secrets
     * @throws org.springframework.transaction.IllegalTransactionStateException outside of a transaction
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(String action, String object, Map<String, ?> detail) {
        add(action, object, Result.DONE, detail);
    }

    /** A change that was not allowed, in a transaction of its own. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void denied(String action, String object, Map<String, ?> detail) {
        add(action, object, Result.DENIED, detail);
    }

    private void add(String action, String object, Result result, Map<String, ?> detail) {
        RequestContext context = RequestContext.current();
        pending()
                .add(new Draft(
                        clock.instant(),
                        context.actor(),
                        action,
                        object,
                        result,
                        context.requestId(),
                        Map.copyOf(detail)));
    }

    private List<Draft> pending() {
        if (TransactionSynchronizationManager.getResource(this) instanceof Pending pending) {
            return pending.drafts;
        }
        Pending pending = new Pending();
        TransactionSynchronizationManager.bindResource(this, pending);
        TransactionSynchronizationManager.registerSynchronization(pending);
        return pending.drafts;
    }

    /** The events of one transaction. */
    private final class Pending implements TransactionSynchronization {
        private final List<Draft> drafts = new ArrayList<>();

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(AuditLog.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(AuditLog.this, this);
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            chain.append(drafts);
        }

        @Override
        public void beforeCompletion() {
            TransactionSynchronizationManager.unbindResource(AuditLog.this);
        }

        /** After all others, which may still record. */
        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }
    }

    /** An event that has no place in the chain yet. */
    record Draft(
            Instant at,
            String actor,
            String action,
            String object,
            AuditEvent.Result result,
            String requestId,
            Map<String, ?> detail) {}
}
