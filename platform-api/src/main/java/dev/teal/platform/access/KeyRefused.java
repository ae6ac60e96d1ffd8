package dev.teal.platform.access;

import dev.teal.platform.problem.domain.Refused;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No key came, or none that is in force. */
final class KeyRefused extends Refused {
    private static final String HOW =
            " Send 'Authorization: Bearer teal_…'. The first admin key is in the file that the start of Teal names; more keys: POST /api/v1/api-keys.";

    private final @Nullable String keyId;

    private KeyRefused(String detail, @Nullable String keyId) {
        super(Kind.UNAUTHENTICATED, "A valid key is needed", detail);
        this.keyId = keyId;
    }

    static KeyRefused missing() {
        return new KeyRefused("This call needs a key." + HOW, null);
    }

    static KeyRefused malformed() {
        return new KeyRefused("What came as a key has not the form of one." + HOW, null);
    }

    static KeyRefused wrong() {
        return new KeyRefused("No such key." + HOW, null);
    }

    static KeyRefused revoked(String keyId) {
        return new KeyRefused("This key was revoked." + HOW, keyId);
    }

    static KeyRefused expired(String keyId) {
        return new KeyRefused("This key has expired." + HOW, keyId);
    }

    /** Set where the secret was right, so that the audit log may name the key. */
    Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }
}
