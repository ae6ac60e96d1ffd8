package dev.teal.cli.demo;

/** Something happened that the story says does not happen. */
final class NotAsTold extends RuntimeException {
    NotAsTold(String message) {
        super(message);
    }

    static void unless(boolean asTold, String otherwise, Object... values) {
        if (!asTold) {
            throw new NotAsTold(otherwise.formatted(values));
        }
    }
}
