package dev.teal.platform.registry.onnx;

/** A stranger's text, fit for a message. */
final class Printable {
    private static final int LONGEST = 100;

    private Printable() {}

    static String of(String text) {
        String harmless = text.replaceAll("\\p{C}", "\ufffd");
        return harmless.length() > LONGEST ? harmless.substring(0, LONGEST) + "…" : harmless;
    }

    static boolean is(String text) {
        return !text.matches("(?s).*\\p{C}.*");
    }
}
