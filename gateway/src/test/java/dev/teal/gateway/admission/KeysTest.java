package dev.teal.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.route.domain.RouteTable;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.InferenceKey;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 1);
    private static final InetSocketAddress LOOPBACK_6 = new InetSocketAddress("::1", 1);
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 1);
    private static final String SECRET = "s".repeat(43);

    private final Keys keys = new Keys(InstantSource.fixed(NOW));

    private static RouteTable table(@Nullable Instant expiresAt) {
        return new RouteTable(
                1, Map.of(), Map.of("kkkkkkkkkkkk", new InferenceKey("kkkkkkkkkkkk", Digests.of(SECRET), expiresAt)));
    }

    private Optional<String> refusal(
            @Nullable InetSocketAddress peer, boolean required, @Nullable String authorization) {
        return keys.refusal(table(null), peer, required, authorization);
    }

    @Test
    void onLoopbackAKeyIsNeededOnlyWhereTheEndpointAsksForOne() {
        assertThat(refusal(LOOPBACK, false, null)).isEmpty();
        assertThat(refusal(LOOPBACK_6, false, null)).isEmpty();
        assertThat(refusal(LOOPBACK, true, null)).isPresent();
        assertThat(refusal(LOOPBACK, true, "Bearer teal_kkkkkkkkkkkk_" + SECRET))
                .isEmpty();
    }

    @Test
    void elsewhereAKeyIsAlwaysNeeded() {
        assertThat(refusal(ELSEWHERE, false, null)).isPresent();
        assertThat(refusal(null, false, null))
                .as("an address that is not known is not loopback")
                .isPresent();
        assertThat(refusal(ELSEWHERE, false, "bearer teal_kkkkkkkkkkkk_" + SECRET))
                .isEmpty();
    }

    @Test
    void wrongKeysAreRefusedWithoutNamingTheirSecret() {
        for (String key : new String[] {
            "teal_kkkkkkkkkkkk_" + "t".repeat(43),
            "teal_xxxxxxxxxxxx_" + SECRET,
            "teal_kkkkkkkkkkkk_short",
            "",
            "teal__"
        }) {
            assertThat(refusal(ELSEWHERE, false, "Bearer " + key))
                    .hasValueSatisfying(
                            reason -> assertThat(reason).doesNotContain(SECRET).doesNotContain("ttt"));
        }
    }

    @Test
    void aKeyThatIsNotNeededCountsWhereItIsGood() {
        String good = "Bearer teal_kkkkkkkkkkkk_" + SECRET;

        assertThat(keys.caller(table(null), LOOPBACK, false, good)).isEqualTo(new Caller.Keyed("kkkkkkkkkkkk"));
        assertThat(keys.caller(table(null), LOOPBACK, false, "Bearer teal_x")).isEqualTo(new Caller.Local());
        assertThat(keys.caller(table(null), LOOPBACK, false, null)).isEqualTo(new Caller.Local());
    }

    @Test
    void aKeyEndsAtItsInstant() {
        String authorization = "Bearer teal_kkkkkkkkkkkk_" + SECRET;

        assertThat(keys.refusal(table(NOW.plusNanos(1)), ELSEWHERE, false, authorization))
                .isEmpty();
        assertThat(keys.refusal(table(NOW), ELSEWHERE, false, authorization)).isPresent();
    }
}
