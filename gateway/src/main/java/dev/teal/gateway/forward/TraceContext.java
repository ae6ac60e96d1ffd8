package dev.teal.gateway.forward;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** W3C trace context: passed on as it came, begun where there is none. */
final class TraceContext {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final HexFormat HEX = HexFormat.of();

    private TraceContext() {}

    static boolean valid(@Nullable String traceparent) {
        return traceparent != null && FORM.matcher(traceparent).matches();
    }

    /** Not sampled: nobody has asked for it. */
    static String begin(RandomGenerator random) {
        return "00-" + HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong()) + '-'
                + HEX.toHexDigits(random.nextLong()) + "-00";
    }
}
