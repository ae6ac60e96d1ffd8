package dev.teal.protocol.oip;

/** A tensor was sent, or asked for, as JSON, whose datatype travels as bytes only. The model is well, the client must ask otherwise. */
public final class BinaryOnly extends InvalidInference {
    private static final long serialVersionUID = 1;

    private BinaryOnly(String message) {
        super(message);
    }

    static boolean is(Datatype datatype) {
        return datatype == Datatype.FP16 || datatype == Datatype.BF16;
    }

    static BinaryOnly received(Datatype datatype, String kind, String name) {
        return new BinaryOnly("receiving " + datatype
                + " data via JSON is not supported. Please use the binary data format for " + kind + " '" + name + "'");
    }

    static BinaryOnly sending(Datatype datatype, String kind, String name) {
        return new BinaryOnly("sending " + datatype
                + " data via JSON is not supported. Please use the binary data format for " + kind + " '" + name + "'");
    }
}
