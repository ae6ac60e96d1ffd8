package dev.teal.worker.serve;

import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.Schedule;
import java.nio.charset.StandardCharsets;

/**
 * Finds rows, priority and timeout in a request's JSON without reading it. Rows are seen where the first input's shape stands near the start, as
 * clients write it. Priority and timeout may stand anywhere, so they are looked for in small requests only; of a large one the timeout
 * is seen when it is read, and it has no priority. What is not JSON shows nothing: reading it will say so.
 */
final class JsonGlance {
    private static final int MOST_BYTES = 4 << 10;
    private static final byte[] INPUTS = key("inputs");
    private static final byte[] SHAPE = key("shape");
    private static final byte[] PARAMETERS = key("parameters");
    private static final byte[] PRIORITY = key("priority");
    private static final byte[] TIMEOUT = key("timeout");

    private static final int MOST_DIGITS = 18;

    private final byte[] json;
    private final int length;
    private int at;

    private JsonGlance(byte[] json, int length) {
        this.json = json;
        this.length = length;
    }

    /** @param scratch of at least {@link #MOST_BYTES}; used again for the next */
    static Glance of(RequestBody body, int jsonBytes, byte[] scratch) {
        if (jsonBytes > body.length()) {
            return Glance.NOTHING;
        }
        int seen = Math.min(jsonBytes, MOST_BYTES);
        body.copy(0, scratch, 0, seen);
        JsonGlance glance = new JsonGlance(scratch, seen);
        long rows = glance.rows();
        return new Glance(jsonBytes > MOST_BYTES ? Schedule.NONE : glance.schedule(), rows);
    }

    private static byte[] key(String name) {
        return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
    }

    private long rows() {
        at = 0;
        return find(INPUTS, 1) && enters('[') && next() == '{' && find(SHAPE, 1) && enters('[') ? number() : 0;
    }

    private boolean enters(char bracket) {
        return next() == bracket && at++ < length;
    }

    private Schedule schedule() {
        at = 0;
        return find(PARAMETERS, 1) && next() == '{' ? policy() : Schedule.NONE;
    }

    static byte[] scratch() {
        return new byte[MOST_BYTES];
    }

    /** Goes behind a name, quotes included, that stands as a key at a depth counted from here. */
    private boolean find(byte[] name, int wantedDepth) {
        int depth = 0;
        while (at < length) {
            byte c = json[at];
            if (c == '"') {
                int start = at;
                skipString();
                if (depth == wantedDepth && matches(name, start) && next() == ':') {
                    at++;
                    return true;
                }
            } else {
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                at++;
                if (depth == 0 && at > 1 && (c == '}' || c == ']')) {
                    return false;
                }
            }
        }
        return false;
    }

    private void skipString() {
        at++;
        while (at < length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        at++;
    }

    private boolean matches(byte[] name, int start) {
        if (at > length || at - start != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (json[start + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    private byte next() {
        while (at < length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
        return at < length ? json[at] : 0;
    }

    private Schedule policy() {
        int start = at;
        long priority = find(PRIORITY, 1) ? number() : 0;
        at = start;
        long timeout = find(TIMEOUT, 1) ? number() : 0;
        return new Schedule(priority, timeout);
    }

    /** 0 for what is not a whole number: reading it will say so. */
    private long number() {
        long value = 0;
        next();
        for (int digits = 0; at < length && json[at] >= '0' && json[at] <= '9'; at++) {
            if (digits++ < MOST_DIGITS) {
                value = value * 10 + json[at] - '0';
            }
        }
        byte behind = at < length ? json[at] : 0;
        return behind == '.' || behind == 'e' || behind == 'E' ? 0 : value;
    }
}
