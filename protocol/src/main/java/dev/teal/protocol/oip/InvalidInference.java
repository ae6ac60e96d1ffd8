package dev.teal.protocol.oip;

/** Something said in the Open Inference Protocol can't be taken; the message names what is wrong and what to do, for whoever sent it. */
public sealed class InvalidInference extends RuntimeException permits BinaryOnly {
    private static final long serialVersionUID = 1;

    public InvalidInference(String message) {
        super(message);
    }

    public InvalidInference(String message, Throwable cause) {
        super(message, cause);
    }
}
