package dev.teal.gateway.route.domain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a path on the data plane names. Names are percent-decoded once; a slash that was encoded stays part of its name. */
public sealed interface DataPath {
    record Server() implements DataPath {}

    record Live() implements DataPath {}

    record Ready() implements DataPath {}

    /** @param version null where the path names none */
    record Model(String endpoint, @Nullable String version, Action action) implements DataPath {}

    record Unknown() implements DataPath {}

    record Malformed(String reason) implements DataPath {}

    enum Action {
        METADATA,
        READY,
        INFER
    }

    private static DataPath model(List<String> names) {
        String endpoint = names.get(2);
        List<String> rest = names.subList(3, names.size());
        String version = null;
        if (rest.size() >= 2 && rest.getFirst().equals("versions")) {
            version = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        if (endpoint.isEmpty() || (version != null && version.isEmpty())) {
            return new Unknown();
        }
        if (rest.isEmpty()) {
            return new Model(endpoint, version, Action.METADATA);
        }
        if (rest.size() > 1) {
            return new Unknown();
        }
        return switch (rest.getFirst()) {
            case "ready" -> new Model(endpoint, version, Action.READY);
            case "infer" -> new Model(endpoint, version, Action.INFER);
            default -> new Unknown();
        };
    }

    /** @param path as it stands in the request line, without the query */
    static DataPath parse(String path) {
        List<String> names = new ArrayList<>(6);
        int from = 1;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            String name = decode(path, from, to);
            if (name == null) {
                return new Malformed("path holds a percent sign that is not followed by two hex digits");
            }
            names.add(name);
            from = to + 1;
        }
        if (names.isEmpty() || !names.getFirst().equals("v2")) {
            return new Unknown();
        }
        if (names.size() == 1) {
            return new Server();
        }
        if (names.size() == 3 && names.get(1).equals("health")) {
            return switch (names.get(2)) {
                case "live" -> new Live();
                case "ready" -> new Ready();
                default -> new Unknown();
            };
        }
        return names.size() >= 3 && names.get(1).equals("models") ? model(names) : new Unknown();
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
