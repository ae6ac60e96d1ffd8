package dev.teal.protocol.onnx;

/** A stranger's text, fit for a message. */
final class Printable {
    private static final int LONGEST = 100;

    private Printable() {}

    static String of(String text) {
        // Cut first: the rest is not looked at
        boolean cut = text.length() > LONGEST;
        String harmless = (cut ? text.substring(0, LONGEST) : text).replaceAll("\\p{C}", "\ufffd");
        return cut ? harmless + "…" : harmless;
    }

    static boolean is(String text) {
        return text.codePoints().noneMatch(Printable::isControl);
    }

    private static boolean isControl(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
