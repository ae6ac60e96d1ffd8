package dev.teal.protocol.onnx;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file made to harm whoever loads it.
 *
 * @param name what it tries
 * @param content may name a file that must stay unread
 */
public record HostileModel(String name, Content content, Fate fate) {
    public interface Content {
        byte[] of(Path canary);
    }

    /** What becomes of it. */
    public sealed interface Fate {
        /** By the inspection, with a reason and these words in it. */
        record Refused(Reason reason, String words) implements Fate {}

        /** Nothing that the inspection looks at shows it. */
        record Contained(Ending ending) implements Fate {}

        /** It looks worse than it is: it may be served. */
        record Harmless() implements Fate {}
    }

    /** How a worker that is given such a file ends with it. */
    public enum Ending {
        /** The runtime refuses to load it. */
        NOT_LOADED,
        /** It takes more memory or time than a worker may have. */
        OVER_A_LIMIT,
        /** Each request fails by itself; the worker goes on. */
        REQUESTS_FAIL,
        /** The process dies of it, and alone. */
        DIES
    }

    static HostileModel refused(String name, Message content, Reason reason, String words) {
        byte[] bytes = content.bytes();
        return new HostileModel(name, _ -> bytes, new Fate.Refused(reason, words));
    }

    static HostileModel contained(String name, Ending ending, Message content) {
        byte[] bytes = content.bytes();
        return new HostileModel(name, _ -> bytes, new Fate.Contained(ending));
    }

    static HostileModel harmless(String name, Message content) {
        byte[] bytes = content.bytes();
        return new HostileModel(name, _ -> bytes, new Fate.Harmless());
    }

    /** What stands in the file that must stay unread; long enough for the weights that want it. */
    public static final String CANARY = "canary-7f3a-canary-7f3a";

    /**
     * Puts it into a new folder below this one, among links to the file that must stay unread, as an attacker would who may write there.
     *
     * @return the model's file
     */
    public Path write(Path folder) throws IOException {
        Path canary = Files.writeString(folder.resolve("canary.txt"), CANARY);
        Path own = Files.createDirectory(folder.resolve("own"));
        Files.createSymbolicLink(own.resolve("link.bin"), canary);
        Files.createSymbolicLink(own.resolve("folder"), folder);
        Files.createLink(own.resolve("hard.bin"), canary);
        return Files.write(own.resolve("model.onnx"), content.of(canary));
    }

    /** All of them. */
    public static List<HostileModel> corpus() {
        return Stream.of(
                        OutsideData.models(),
                        OperatorTricks.models(),
                        WireTricks.models(),
                        Floods.models(),
                        SizeTricks.models(),
                        BorderTricks.models(),
                        Bombs.models())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
