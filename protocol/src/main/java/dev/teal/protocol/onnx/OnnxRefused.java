package dev.teal.protocol.onnx;

/** A file that is not loaded, and why; the words are for whoever made it. */
public final class OnnxRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What kind of reason it is. */
    public enum Reason {
        /** Damaged, cut short, or something else. */
        NOT_A_MODEL("it is not a usable ONNX model"),
        /** More parts, deeper nesting or longer names than any model that is meant to be run. */
        OVER_A_LIMIT("it is not a usable ONNX model"),
        /** A tensor says one size and carries another. */
        WRONG_SIZE("it is not a usable ONNX model"),
        /** It names other files, or addresses in memory. */
        EXTERNAL_DATA("it keeps data outside of its file"),
        /** Operators, or versions of them, that are not built in. */
        OPERATORS("it uses operators that are not here"),
        /** An input or output that the Open Inference Protocol has no form for. */
        TENSOR("a tensor of it can not be served");

        private final String words;

        Reason(String words) {
            this.words = words;
        }
    }

    private final Reason reason;
    private final String detail;

    OnnxRefused(Reason reason, String detail) {
        super(reason.words + ": " + detail);
        this.reason = reason;
        this.detail = detail;
    }

    public Reason reason() {
        return reason;
    }

    /** Part of a sentence, without a full stop; texts of the file stand in it shortened and printable. */
    public String detail() {
        return detail;
    }

    static OnnxRefused notAModel(String detail) {
        return new OnnxRefused(Reason.NOT_A_MODEL, detail);
    }

    static OnnxRefused overLimit(String detail) {
        return new OnnxRefused(Reason.OVER_A_LIMIT, detail);
    }

    static OnnxRefused operators(String detail) {
        return new OnnxRefused(Reason.OPERATORS, detail);
    }
}
