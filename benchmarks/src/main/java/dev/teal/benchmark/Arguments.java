package dev.teal.benchmark;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * @param profile whether workers record what they spend their time on
 * @param only the name of one scenario; empty for all
 * @param json where the raw numbers go as JSON
 * @param worker the worker's jar, another build's if that is to be measured
 */
record Arguments(boolean quick, boolean profile, Optional<String> only, Optional<Path> json, Path worker) {

    static Arguments parse(Path root, String... arguments) {
        boolean quick = false;
        boolean profile = false;
        String only = null;
        String json = null;
        String worker =
                root.resolve("inference-worker/target/inference-worker.jar").toString();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--profile" -> profile = true;
                case "--only" -> only = value(arguments, ++i);
                case "--json" -> json = value(arguments, ++i);
                case "--worker" -> worker = value(arguments, ++i);
                default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
            }
        }
        return new Arguments(
                quick,
                profile,
                Optional.ofNullable(only),
                path(json),
                Path.of(worker).toAbsolutePath());
    }

    private static Optional<Path> path(@Nullable String text) {
        return Optional.ofNullable(text).map(Path::of);
    }

    private static String value(String[] arguments, int index) {
        if (index == arguments.length) {
            throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
        }
        return arguments[index];
    }
}
