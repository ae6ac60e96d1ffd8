package dev.teal.gateway.admission;

import dev.teal.gateway.route.domain.RouteTable;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.InferenceKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who may call. A caller on loopback needs no key unless the endpoint asks for one; any other caller always does. */
public final class Keys {
    private static final String BEARER = "Bearer ";
    private static final Pattern FORM = Pattern.compile("teal_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})");
    /** Compared against where the key is unknown, so that a known id takes no longer than an unknown one. */
    private static final String NO_DIGEST = Digests.of("");

    private final InstantSource clock;

    public Keys(InstantSource clock) {
        this.clock = clock;
    }

    /** @return why the caller may not, or empty */
    public Optional<String> refusal(
            RouteTable table, @Nullable InetSocketAddress peer, boolean keyRequired, @Nullable String authorization) {
        InetAddress address = peer == null ? null : peer.getAddress();
        if (!keyRequired && address != null && address.isLoopbackAddress()) {
            return Optional.empty();
        }
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of("an inference key is needed: send 'Authorization: Bearer teal_…'");
        }
        Matcher form = FORM.matcher(authorization.substring(BEARER.length()).trim());
        if (!form.matches()) {
            return Optional.of("the key is not of the form teal_<id>_<secret>");
        }
        InferenceKey key = table.keys().get(form.group(1));
        boolean same = sameDigest(key == null ? NO_DIGEST : key.secretDigest(), Digests.of(form.group(2)));
        if (key == null || !same) {
            return Optional.of("the key is not known here, or has no inference role");
        }
        if (key.expiresAt() != null && !clock.instant().isBefore(key.expiresAt())) {
            return Optional.of("the key has expired");
        }
        return Optional.empty();
    }

    private static boolean sameDigest(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
