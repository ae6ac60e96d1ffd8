package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code If-Match} named a generation that is not the endpoint's any more, so the caller decided on something that has changed. */
public final class StaleVersion extends Refused {
    private static final long serialVersionUID = 1;
    private static final Pattern DIVIDER = Pattern.compile("\\s*,\\s*");
    private final long generation;

    private StaleVersion(String endpoint, String ifMatch, long generation) {
        super(
                Kind.STALE,
                "The endpoint has changed",
                "endpoint \"" + endpoint + "\" is at generation " + generation + ", If-Match names " + ifMatch
                        + "; look at it again and decide anew");
        this.generation = generation;
    }

    /** @param ifMatch the header: {@code "7"}, several of them, or {@code *}; null where the caller does not mind */
    public static void check(String endpoint, @Nullable String ifMatch, long generation) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return;
        }
        for (String tag : DIVIDER.split(ifMatch.strip())) {
            if (tag.replace("W/", "").replace("\"", "").equals(Long.toString(generation))) {
                return;
            }
        }
        throw new StaleVersion(endpoint, ifMatch.strip(), generation);
    }

    /** {@code If-Match} on an endpoint that is not there. */
    public static void checkAbsent(String endpoint, @Nullable String ifMatch) {
        if (ifMatch != null && !ifMatch.isBlank()) {
            throw new StaleVersion(endpoint, ifMatch.strip(), 0);
        }
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("generation", generation);
    }
}
