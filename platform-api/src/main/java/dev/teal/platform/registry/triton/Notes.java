package dev.teal.platform.registry.triton;

import java.util.ArrayList;
import java.util.List;

/** What of a configuration does not apply, for whoever registers it. */
final class Notes {
    private final List<String> notes = new ArrayList<>();

    void add(boolean applies, String note) {
        if (applies) {
            notes.add(note);
        }
    }

    List<String> all() {
        return List.copyOf(notes);
    }
}
