package dev.teal.platform.cell;

import dev.teal.platform.problem.domain.Refused;

/** A member report breaks a rule. */
final class InvalidReport extends Refused {
    private static final long serialVersionUID = 1;

    InvalidReport(String detail) {
        super(Kind.INVALID, "The report cannot be so", detail);
    }
}
