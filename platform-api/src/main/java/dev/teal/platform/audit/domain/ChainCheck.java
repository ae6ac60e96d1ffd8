package dev.teal.platform.audit.domain;

import java.util.Optional;

/** Walks the chain link by link, in order, and stops at the first that does not hold. */
public final class ChainCheck {
    private long sequence;
    private String hash = AuditEvent.NO_HASH;

    /** What is wrong with {@code next}, the event after the last one that held; empty if nothing is. */
    public Optional<String> take(AuditEvent next) {
        if (next.sequence() != sequence + 1) {
            return Optional.of("event " + (sequence + 1) + " is missing, " + next.sequence() + " stands in its place");
        }
        if (!next.previousHash().equals(hash)) {
            return Optional.of("event " + next.sequence() + " does not follow event " + sequence);
        }
        if (!next.hash().equals(next.expectedHash())) {
            return Optional.of("event " + next.sequence() + " was changed");
        }
        sequence = next.sequence();
        hash = next.hash();
        return Optional.empty();
    }

    /** What is wrong with the end that the database names, after all events were taken. */
    public Optional<String> end(long headSequence, String headHash) {
        return sequence == headSequence && hash.equals(headHash)
                ? Optional.empty()
                : Optional.of("the log ends at event " + sequence + ", but its head names event " + headSequence);
    }

    /** How many events have held. */
    public long checked() {
        return sequence;
    }

    public String hash() {
        return hash;
    }
}
