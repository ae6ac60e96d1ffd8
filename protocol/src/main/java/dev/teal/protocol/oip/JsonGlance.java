package dev.teal.protocol.oip;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows, priority and timeout in a request's JSON without reading it, on the event loop, so at a cost that does not grow with the request.
 * Clients write {@code parameters} before the inputs or behind them, and the shape before the data: a small JSON is looked through, of a
 * large one what comes before its inputs and its last bytes. What is seen nowhere there is still heeded when it is read, but for
 * the priority. What is not JSON shows nothing: reading it will say so.
 */
public final class JsonGlance {
    /** Looked through whole. */
    private static final int SMALL_BYTES = 8 << 10;

    private static final int HEAD_BYTES = 4 << 10;
    private static final int TAIL_BYTES = 4 << 10;

    /** An id may be long, and stand before the inputs. */
    private static final int LONGEST_HEAD_BYTES = 128 << 10;

    private static final byte[] INPUTS = key("inputs");
    private static final byte[] SHAPE = key("shape");
    private static final byte[] PARAMETERS = key("parameters");
    private static final byte[] PRIORITY = key("priority");
    private static final byte[] TIMEOUT = key("timeout");

    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[SMALL_BYTES]);

    private JsonGlance() {}

    private static byte[] key(String name) {
        return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * @param jsonBytes as the request's header says; negative without one: all of the body, 0: there is no JSON
     * @param isCut whether only the body's beginning is there
     */
    public static Glance of(RequestBody body, int jsonBytes, boolean isCut) {
        if (jsonBytes == 0) {
            return Glance.NOTHING;
        }
        boolean known = jsonBytes > 0 && (isCut || jsonBytes <= body.length());
        return of(body, known ? jsonBytes : isCut ? Integer.MAX_VALUE : body.length(), SCRATCH.get());
    }

    /** @param jsonBytes more than the body has: it is cut */
    private static Glance of(RequestBody body, int jsonBytes, byte[] scratch) {
        int there = Math.min(jsonBytes, body.length());
        if (there <= SMALL_BYTES) {
            body.copy(0, scratch, 0, there);
            return new Glance(schedule(scratch, there), rows(scratch, there));
        }
        body.copy(0, scratch, 0, HEAD_BYTES);
        Glance head = head(scratch, HEAD_BYTES);
        if (head == null) {
            int longer = Math.min(there, LONGEST_HEAD_BYTES);
            byte[] bytes = new byte[longer];
            body.copy(0, bytes, 0, longer);
            head = head(bytes, longer);
        }
        long rows = head == null ? 0 : head.rows();
        if (head != null && !head.schedule().equals(Schedule.NONE) || there < jsonBytes) {
            return head == null ? Glance.NOTHING : head;
        }
        body.copy(there - TAIL_BYTES, scratch, 0, TAIL_BYTES);
        JsonScan tail = new JsonScan(scratch, TAIL_BYTES);
        return new Glance(tail.findBackwards(PARAMETERS) ? policy(tail) : Schedule.NONE, rows);
    }

    /** @return null where neither the inputs nor the parameters begin in it, or the parameters do not end */
    private static @Nullable Glance head(byte[] json, int length) {
        JsonScan inputs = new JsonScan(json, length);
        JsonScan parameters = new JsonScan(json, length);
        boolean hasInputs = inputs.find(INPUTS, 1);
        boolean hasParameters = parameters.find(PARAMETERS, 1);
        if (!hasInputs && !hasParameters) {
            return null;
        }
        Schedule schedule = hasParameters ? policy(parameters) : Schedule.NONE;
        return parameters.isCut() && !hasInputs ? null : new Glance(schedule, rows(json, length));
    }

    private static long rows(byte[] json, int length) {
        JsonScan scan = new JsonScan(json, length);
        return scan.find(INPUTS, 1) && scan.enters('[') && scan.next() == '{' && scan.find(SHAPE, 1) && scan.enters('[')
                ? scan.number()
                : 0;
    }

    private static Schedule schedule(byte[] json, int length) {
        JsonScan scan = new JsonScan(json, length);
        return scan.find(PARAMETERS, 1) ? policy(scan) : Schedule.NONE;
    }

    private static Schedule policy(JsonScan scan) {
        if (scan.next() != '{') {
            return Schedule.NONE;
        }
        int start = scan.at();
        long priority = scan.find(PRIORITY, 1) ? scan.number() : 0;
        scan.back(start);
        long timeout = scan.find(TIMEOUT, 1) ? scan.number() : 0;
        return priority == 0 && timeout == 0 ? Schedule.NONE : new Schedule(priority, timeout);
    }
}
