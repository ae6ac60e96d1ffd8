package dev.teal.gateway.route.domain;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a path on the data plane names, and the one method that goes with it. */
public sealed interface DataPath {
    record Server() implements DataPath {}

    record Live() implements DataPath {}

    record Ready() implements DataPath {}

    /** @param version null where the path names none */
    record Model(String endpoint, @Nullable String version, Action action) implements DataPath {}

    /** Statistics of all models. */
    record Statistics() implements DataPath {}

    record RepositoryIndex() implements DataPath {}

    record RepositoryModel(String endpoint, Control control) implements DataPath {}

    /** A repository by its name: there is one only, and it has none. */
    record NamedRepository() implements DataPath {}

    /** Of an extension that is not offered. @param extension as its own documentation calls it */
    record Unsupported(String extension) implements DataPath {}

    record Unknown() implements DataPath {}

    enum Action {
        METADATA,
        READY,
        INFER,
        CONFIG,
        STATISTICS
    }

    enum Control {
        LOAD,
        UNLOAD
    }

    /** The method, or empty where nothing is. */
    default Optional<String> method() {
        return switch (this) {
            case Server _, Live _, Ready _, Statistics _ -> Optional.of("GET");
            case Model model -> Optional.of(model.action() == Action.INFER ? "POST" : "GET");
            case RepositoryIndex _, RepositoryModel _, NamedRepository _ -> Optional.of("POST");
            case Unsupported _, Unknown _ -> Optional.empty();
        };
    }

    /** @param path as it stands in the request line, without the query; what is no part of a URI does not come so far */
    static DataPath parse(String path) {
        List<String> names = PathText.names(path);
        if (names == null || names.isEmpty() || !names.getFirst().equals("v2")) {
            return new Unknown();
        }
        if (names.size() == 1) {
            return new Server();
        }
        if (names.contains("")) {
            return new Unknown();
        }
        List<String> rest = names.subList(2, names.size());
        return switch (names.get(1)) {
            case "health" -> health(rest);
            case "models" -> models(rest);
            case "repository" -> repository(rest);
            case "trace" -> rest.equals(List.of("setting")) ? new Unsupported("trace") : new Unknown();
            case "logging" -> rest.isEmpty() ? new Unsupported("logging") : new Unknown();
            case "systemsharedmemory" -> new Unsupported("system_shared_memory");
            case "cudasharedmemory" -> new Unsupported("cuda_shared_memory");
            default -> new Unknown();
        };
    }

    private static DataPath health(List<String> rest) {
        if (rest.size() != 1) {
            return new Unknown();
        }
        return switch (rest.getFirst()) {
            case "live" -> new Live();
            case "ready" -> new Ready();
            default -> new Unknown();
        };
    }

    private static DataPath models(List<String> names) {
        if (names.isEmpty()) {
            return new Unknown();
        }
        if (names.equals(List.of("stats"))) {
            return new Statistics();
        }
        String endpoint = names.getFirst();
        List<String> rest = names.subList(1, names.size());
        String version = null;
        if (rest.size() >= 2 && rest.getFirst().equals("versions")) {
            version = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        return switch (String.join("/", rest)) {
            case "" -> new Model(endpoint, version, Action.METADATA);
            case "ready" -> new Model(endpoint, version, Action.READY);
            case "infer" -> new Model(endpoint, version, Action.INFER);
            case "config" -> new Model(endpoint, version, Action.CONFIG);
            case "stats" -> new Model(endpoint, version, Action.STATISTICS);
            case "generate", "generate_stream" -> new Unsupported("generate");
            case "trace/setting" -> new Unsupported("trace");
            default -> new Unknown();
        };
    }

    private static DataPath repository(List<String> rest) {
        if (rest.equals(List.of("index"))) {
            return new RepositoryIndex();
        }
        Optional<Control> control = rest.size() < 3 ? Optional.empty() : control(rest.getLast());
        boolean model = control.isPresent() && rest.get(rest.size() - 3).equals("models");
        if (model && rest.size() == 3) {
            return new RepositoryModel(rest.get(1), control.get());
        }
        boolean named = (rest.size() == 2 && rest.getLast().equals("index")) || (model && rest.size() == 4);
        return named ? new NamedRepository() : new Unknown();
    }

    private static Optional<Control> control(String name) {
        return switch (name) {
            case "load" -> Optional.of(Control.LOAD);
            case "unload" -> Optional.of(Control.UNLOAD);
            default -> Optional.empty();
        };
    }

    /** A name decoded once more: some clients encode names twice. Empty where that is no other name. */
    static Optional<String> decodedAgain(String name) {
        return Optional.ofNullable(PathText.decode(name)).filter(again -> !again.equals(name));
    }
}
