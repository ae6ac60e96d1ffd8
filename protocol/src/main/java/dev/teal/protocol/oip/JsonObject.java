package dev.teal.protocol.oip;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of the object at a cursor, one after the other; none comes twice. Each value is the caller's to take. */
final class JsonObject {
    static final int OTHER = -1;

    private final JsonCursor cursor;
    private final byte[][] known;
    private final String what;
    private final int index;
    private boolean begun;
    private int field = OTHER;
    private long seen;
    private @Nullable Set<String> others;

    /**
     * @param known names, by whose place {@link #field} tells them
     * @param what it is, for messages
     * @param index in an array of such, or -1
     */
    JsonObject(JsonCursor cursor, byte[][] known, String what, int index) {
        this.cursor = cursor;
        this.known = known;
        this.what = what;
        this.index = index;
        if (!cursor.isObject()) {
            throw new InvalidInference(where() + " must be a JSON object");
        }
    }

    static byte[][] names(String... names) {
        return List.of(names).stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }

    String where() {
        return index < 0 ? what : what + "[" + index + "]";
    }

    /** Goes to the next member's value. */
    boolean next() {
        if (!(begun ? cursor.nextMember() : cursor.beginObject())) {
            return false;
        }
        begun = true;
        field = cursor.name(known);
        if (field == OTHER ? !isNew() : (seen & 1L << field) != 0) {
            throw new InvalidInference(where() + " has '" + name() + "' twice; give it once");
        }
        seen |= field == OTHER ? 0 : 1L << field;
        return true;
    }

    private boolean isNew() {
        RequestLimits.requireBytes(cursor.lastString().length(), RequestLimits.NAME_BYTES, "a name in " + where());
        if (others == null) {
            others = new HashSet<>();
        } else if (others.size() == RequestLimits.PARAMETERS) {
            throw new InvalidInference(where() + " has more than " + RequestLimits.PARAMETERS + " members");
        }
        return others.add(name());
    }

    /** The place of the member's name, or {@link #OTHER}. */
    int field() {
        return field;
    }

    /** Until the value is taken. */
    String name() {
        return cursor.lastString().text();
    }
}
