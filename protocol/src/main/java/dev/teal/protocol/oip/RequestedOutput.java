package dev.teal.protocol.oip;

/**
 * An output that a client asks for.
 *
 * @param binary as bytes behind the JSON, not as JSON
 * @param classification how many of the greatest elements are wanted, as text, in place of the tensor; 0 for the tensor
 */
public record RequestedOutput(String name, boolean binary, int classification) {
    public RequestedOutput {
        if (classification < 0) {
            throw new IllegalArgumentException("classification must be 0 or more, got " + classification);
        }
    }

    public static RequestedOutput json(String name) {
        return new RequestedOutput(name, false, 0);
    }
}
