package dev.teal.platform.access.domain;

import dev.teal.protocol.cell.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as its owner holds it: {@code teal_<id>_<secret>}.
 *
 * @param secret 43 characters of base62, 256 bits by chance, so one SHA-256 hides it well enough
 */
public record KeyText(String id, String secret) {
    private static final Pattern FORM = Pattern.compile("teal_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})");
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** @param random a secure one */
    public static KeyText generate(RandomGenerator random) {
        return new KeyText(text(random, 12), text(random, 43));
    }

    private static String text(RandomGenerator random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(BASE62.charAt(random.nextInt(BASE62.length())));
        }
        return text.toString();
    }

    public static Optional<KeyText> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() ? Optional.of(new KeyText(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    public String secretDigest() {
        return Digests.of(secret);
    }

    /** In a time that does not depend on where they differ. */
    public boolean matches(String digest) {
        return MessageDigest.isEqual(
                secretDigest().getBytes(StandardCharsets.US_ASCII), digest.getBytes(StandardCharsets.US_ASCII));
    }

    /** The whole, to be shown once. */
    public String text() {
        return "teal_" + id + "_" + secret;
    }

    /** Without the secret, so that no log gets it by accident. */
    @Override
    public String toString() {
        return "teal_" + id + "_…";
    }
}
