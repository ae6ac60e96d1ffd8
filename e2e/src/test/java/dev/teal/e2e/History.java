package dev.teal.e2e;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks what clients saw against what the control plane committed, in linear passes: nothing failed; each answer's color, version and
 * digest are those of the generation it carries; its numbers are that version's; no generation after every gateway had acknowledged a
 * later one; no client goes back.
 */
final class History {
    private static final int MOST_VIOLATIONS = 20;

    private final FraudDetection model;
    private final Map<Long, Commit> commits = new HashMap<>();
    private final List<Commit> byAcknowledgement;

    History(FraudDetection model, List<Commit> commits) {
        this.model = model;
        commits.forEach(commit -> this.commits.put(commit.generation(), commit));
        this.byAcknowledgement = commits.stream()
                .sorted(Comparator.comparingLong(Commit::acknowledgedNanos))
                .toList();
    }

    /** The first violations in words; empty when all is as it must be. */
    List<String> violations(List<Answer> answers) {
        List<String> violations = new ArrayList<>();
        Map<Integer, Answer> lastOfClient = new HashMap<>();
        for (Answer answer : answers.stream()
                .sorted(Comparator.comparingLong(Answer::startedNanos))
                .toList()) {
            check(answer, lastOfClient.put(answer.client(), answer), violations);
            if (violations.size() >= MOST_VIOLATIONS) {
                break;
            }
        }
        return violations;
    }

    private void check(Answer answer, Answer before, List<String> violations) {
        if (answer.status() != 200) {
            violations.add("failed: " + answer);
            return;
        }
        Commit commit = commits.get(answer.generation());
        if (commit == null) {
            violations.add("generation was never committed: " + answer);
            return;
        }
        if (!commit.color().equalsIgnoreCase(answer.color())
                || !commit.version().equals(answer.version())
                || !commit.digest().equals(answer.digest())) {
            violations.add("not what its generation names, " + commit + ": " + answer);
        }
        if (!model.isAnswerOf(answer.version(), answer.row(), answer.fraud())) {
            violations.add("numbers of another version than it says: " + answer);
        }
        long acknowledged = acknowledgedBefore(answer.startedNanos());
        if (answer.generation() < acknowledged) {
            violations.add("started after generation " + acknowledged + " was acknowledged: " + answer);
        }
        if (before != null && before.status() == 200 && answer.generation() < before.generation()) {
            violations.add("client went back from generation " + before.generation() + ": " + answer);
        }
    }

    private long acknowledgedBefore(long nanos) {
        long highest = 0;
        for (Commit commit : byAcknowledgement) {
            if (commit.acknowledgedNanos() - nanos >= 0) {
                break;
            }
            highest = Math.max(highest, commit.generation());
        }
        return highest;
    }
}
