package dev.teal.protocol.oip;

import dev.teal.protocol.fuzz.FuzzTarget;
import java.util.List;

/** Inference requests in JSON: what {@link JacksonOracle} makes of them is right. */
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
        return requireAgreement(input);
    }

    /** @return the outcome in words */
    static String requireAgreement(byte[] body) {
        InferenceRequest expected = null;
        String why = null;
        try {
            expected = JacksonOracle.read(body);
        } catch (JacksonOracle.Refused e) {
            why = e.getMessage();
        }
        CountingAllocator memory = new CountingAllocator();
        try {
            InferenceRequest actual = InferenceCodec.readRequest(body, 0, body.length, memory);
            if (expected == null) {
                throw new AssertionError("was read, and is to be refused: " + why);
            }
            if (!actual.equals(expected)) {
                throw new AssertionError("read as " + actual + ", and is " + expected);
            }
            return "ok " + OipWords.datatypes(actual.inputs());
        } catch (InvalidInference e) {
            if (expected != null) {
                throw new AssertionError("was refused, and is right: " + e.getMessage(), e);
            }
            return String.valueOf(e.getMessage());
        } finally {
            OipWords.requireProportion(memory, body);
        }
    }
}
