package dev.teal.protocol.oip;

import dev.teal.protocol.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Inference requests in JSON. */
public final class JsonRequestTarget implements FuzzTarget {
    @Override
    public String name() {
        return "json-request";
    }

    @Override
    public List<byte[]> seeds() {
        return OipWords.JSON_REQUESTS;
    }

    @Override
    public List<byte[]> words() {
        return OipWords.WORDS;
    }

    @Override
    public String run(byte[] input) {
        try {
            return InferenceJson.readRequest(input).inputs().toString();
        } catch (InvalidInference e) {
            return String.valueOf(e.getMessage());
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
