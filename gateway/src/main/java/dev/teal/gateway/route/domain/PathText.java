package dev.teal.gateway.route.domain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names in a path, percent-decoded once each: a slash that was encoded is part of a name. */
final class PathText {
    private PathText() {}

    /** @return null if a percent sign is not followed by two hex digits */
    static @Nullable List<String> names(String path) {
        List<String> names = new ArrayList<>(6);
        int from = 1;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            String name = decode(path, from, to);
            if (name == null) {
                return null;
            }
            names.add(name);
            from = to + 1;
        }
        return names;
    }

    static @Nullable String decode(String text) {
        return decode(text, 0, text.length());
    }

    private static @Nullable String decode(String path, int from, int to) {
        int percent = path.indexOf('%', from);
        if (percent < 0 || percent >= to) {
            return path.substring(from, to);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            char c = path.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            boolean whole = i + 2 < to;
            int high = whole ? Character.digit(path.charAt(i + 1), 16) : -1;
            int low = whole ? Character.digit(path.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high * 16 + low);
            i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
