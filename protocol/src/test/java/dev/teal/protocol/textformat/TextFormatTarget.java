package dev.teal.protocol.textformat;

import dev.teal.protocol.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Configurations of strangers. */
public final class TextFormatTarget implements FuzzTarget {
    @Override
    public String name() {
        return "text-format";
    }

    @Override
    public List<byte[]> seeds() {
        return FuzzTarget.words(
                """
                # comment
                name: "m" 'n'
                max_batch_size: 8
                input [ { name: "x", data_type: TYPE_FP32, dims: [ -1, 0x10, 017 ] } ]
                output < name: 'y'; dims: 1 >
                """,
                "parameters: { key: \"a\\n\\x41\\101\\u00e9\\U0001F600\" value: { string_value: \"1.5e-3f\" } }",
                "dynamic_batching { max_queue_delay_microseconds: 100 preferred_batch_size: [] }");
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.words("{", "}", "[", "]", ":", "\"", "'", "\\x", "\\u", "-", "#", "\n", "0x", "inf");
    }

    @Override
    public String run(byte[] input) {
        try {
            return "ok "
                    + Math.min(
                            8,
                            TextFormat.parse(new String(input, StandardCharsets.UTF_8))
                                    .fields()
                                    .size());
        } catch (TextFormatError error) {
            return String.valueOf(error.getMessage());
        }
    }
}
