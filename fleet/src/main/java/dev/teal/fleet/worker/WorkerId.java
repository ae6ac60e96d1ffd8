package dev.teal.fleet.worker;

import java.util.random.RandomGenerator;

/** {@code w-} and ten letters or digits: 50 random bits, never used again, and short because it stands in a socket's path. */
final class WorkerId {

    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int LENGTH = 10;
    static final String LONGEST = "w-" + "x".repeat(LENGTH);

    private WorkerId() {}

    static String random(RandomGenerator random) {
        StringBuilder id = new StringBuilder("w-");
        for (int i = 0; i < LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
