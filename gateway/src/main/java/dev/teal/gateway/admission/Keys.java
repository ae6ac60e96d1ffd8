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
    private static final Caller LOCAL = new Caller.Local();
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
        return caller(table, peer, keyRequired, authorization) instanceof Caller.Refused(var reason)
                ? Optional.of(reason)
                : Optional.empty();
    }

    /** Who calls. A key that is not needed counts where it is good, and does no harm where it is not. */
    public Caller caller(
            RouteTable table, @Nullable InetSocketAddress peer, boolean keyRequired, @Nullable String authorization) {
        InetAddress address = peer == null ? null : peer.getAddress();
        boolean free = !keyRequired && address != null && address.isLoopbackAddress();
        if (free && authorization == null) {
            return LOCAL;
        }
        Caller caller = keyed(table, authorization);
        return free && caller instanceof Caller.Refused ? LOCAL : caller;
    }

    private Caller keyed(RouteTable table, @Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return new Caller.Refused("an inference key is needed: send 'Authorization: Bearer teal_…'");
        }
        Matcher form = FORM.matcher(authorization.substring(BEARER.length()).trim());
        if (!form.matches()) {
            return new Caller.Refused("the key is not of the form teal_<id>_<secret>");
        }
        InferenceKey key = table.keys().get(form.group(1));
        boolean same = sameDigest(key == null ? NO_DIGEST : key.secretDigest(), Digests.of(form.group(2)));
        if (key == null || !same) {
            return new Caller.Refused("the key is not known here, or has no inference role");
        }
        if (key.expiresAt() != null && !clock.instant().isBefore(key.expiresAt())) {
            return new Caller.Refused("the key has expired");
        }
        return new Caller.Keyed(key.id());
    }

    private static boolean sameDigest(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
}
