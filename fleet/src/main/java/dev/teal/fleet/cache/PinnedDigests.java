package dev.teal.fleet.cache;

import dev.teal.protocol.cell.CellState;
import java.util.Map;
import java.util.Set;

/** The pins in force, swapped whole. */
final class PinnedDigests {

    private volatile Pins pins = Pins.NONE;

    void adopt(CellState state) {
        pins = Pins.of(state);
    }

    Map<String, String> sources() {
        return pins.sources();
    }

    Set<String> digests() {
        return pins.sources().keySet();
    }
}
