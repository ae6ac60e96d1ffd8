package dev.teal.protocol.onnx;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
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

        /** Nothing in the file shows it: the runtime refuses it, or the worker's limits end it. */
        record Contained() implements Fate {}

        /** It looks worse than it is: it may be served. */
        record Harmless() implements Fate {}
    }

    static HostileModel refused(String name, Message content, Reason reason, String words) {
        byte[] bytes = content.bytes();
        return new HostileModel(name, _ -> bytes, new Fate.Refused(reason, words));
    }

    static HostileModel contained(String name, Message content) {
        byte[] bytes = content.bytes();
        return new HostileModel(name, _ -> bytes, new Fate.Contained());
    }

    static HostileModel harmless(String name, Message content) {
        byte[] bytes = content.bytes();
        return new HostileModel(name, _ -> bytes, new Fate.Harmless());
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
