package dev.teal.platform.cell;

import dev.teal.platform.problem.domain.Refused;

/** The region is not one of this control plane. */
final class UnknownRegion extends Refused {
    private static final long serialVersionUID = 1;

    UnknownRegion(String region) {
        super(
                Kind.UNKNOWN,
                "There is no such region",
                "region \"" + region + "\" is not one of platform.cells.regions");
    }
}
