package dev.teal.protocol.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;

/** Runs the targets of the class path: briefly in tests, for as long as one likes from {@link #main}. */
public final class Fuzz {
    private Fuzz() {}

    public static List<FuzzTarget> targets() {
        return ServiceLoader.load(FuzzTarget.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The targets of a package and those below it, for the test of one module. */
    public static List<FuzzTarget> targets(String packageName) {
        return targets().stream()
                .filter(target -> target.getClass().getPackageName().startsWith(packageName))
                .toList();
    }

    /** Its seeds and kept inputs, and so many mutations of them. @throws AssertionError naming each failure's input as hex */
    public static void replay(FuzzTarget target, long seed, long executions) throws InterruptedException {
        Campaign.Result result = new Campaign(target, corpus(target), seed, executions).run();
        if (!result.failures().isEmpty()) {
            var first = result.failures().getFirst();
            throw new AssertionError(
                    result.failures() + ", the first by " + HexFormat.of().formatHex(first.input()), first.cause());
        }
    }

    private static List<byte[]> corpus(FuzzTarget target) {
        List<byte[]> corpus = new ArrayList<>(target.seeds());
        try {
            for (URL folder : Collections.list(Fuzz.class.getClassLoader().getResources("fuzz/" + target.name()))) {
                corpus.addAll(files(folder.toURI()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return corpus;
    }

    private static List<byte[]> files(URI folder) throws IOException {
        if (!folder.getScheme().equals("jar")) {
            return files(Path.of(folder));
        }
        try (var jar = FileSystems.newFileSystem(folder, Map.of())) {
            return files(
                    jar.getPath(folder.toString().substring(folder.toString().indexOf('!') + 1)));
        }
    }

    private static List<byte[]> files(Path folder) throws IOException {
        List<byte[]> files = new ArrayList<>();
        try (var paths = Files.list(folder)) {
            for (Path path : paths.sorted().toList()) {
                files.add(Files.readAllBytes(path));
            }
        }
        return files;
    }

    /**
     * {@code [--executions N] [--seed N] [--found DIR] [TARGET...]}, all targets where none is named. Inputs that fail, and those of new
     * outcomes, go to {@code DIR/{target}/} (default {@code target/fuzz}); a failing one is replayed by every test once it lies in
     * {@code src/test/resources/fuzz/{target}/}. Ends with 1 if there was a failure, with 2 where a name is
     * unknown.
     */
    public static void main(String... args) throws IOException, InterruptedException {
        long executions = 1_000_000;
        long seed = 1;
        Path found = Path.of("target", "fuzz");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--executions" -> executions = Long.parseLong(args[++i]);
                case "--seed" -> seed = Long.parseLong(args[++i]);
                case "--found" -> found = Path.of(args[++i]);
                default -> names.add(args[i]);
            }
        }
        boolean failed = false;
        for (FuzzTarget target : targets()) {
            if (names.isEmpty() || names.remove(target.name())) {
                failed |= campaign(target, seed, executions, found.resolve(target.name()));
            }
        }
        if (!names.isEmpty()) {
            System.err.println("no target is called " + names + "; there are "
                    + targets().stream().map(FuzzTarget::name).toList());
            System.exit(2);
        }
        System.exit(failed ? 1 : 0);
    }

    private static boolean campaign(FuzzTarget target, long seed, long executions, Path found)
            throws IOException, InterruptedException {
        List<byte[]> corpus = corpus(target);
        Campaign.Result result = new Campaign(target, corpus, seed, executions).run();
        System.out.printf(
                Locale.ROOT,
                "%-24s %,d executions, %,.0f/s, corpus %d + %d, %d outcomes, %d failures%n",
                target.name(),
                result.executions(),
                result.executions() * 1e9 / result.nanos(),
                corpus.size(),
                result.kept().size(),
                result.outcomes(),
                result.failures().size());
        for (byte[] input : result.kept()) {
            save(found, "outcome-", input);
        }
        for (Campaign.Failure failure : result.failures()) {
            System.out.println(failure + "\n    kept as " + save(found, "failure-", failure.input()));
            failure.cause().printStackTrace(System.out);
        }
        return !result.failures().isEmpty();
    }

    private static Path save(Path folder, String prefix, byte[] input) throws IOException {
        Files.createDirectories(folder);
        return Files.write(folder.resolve(prefix + digest(input)), input);
    }

    private static String digest(byte[] input) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
