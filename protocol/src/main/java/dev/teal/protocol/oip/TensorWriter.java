package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes one tensor: with flat {@code data}, floats in the shortest form that reads back as the same; or with the size of its bytes. */
final class TensorWriter {
    private static final byte[] NAME = JsonText.piece("{\"name\":");
    private static final byte[] DATATYPE = JsonText.piece(",\"datatype\":\"");
    private static final byte[] SHAPE = JsonText.piece("\",\"shape\":[");
    private static final byte[] BINARY = JsonText.piece("],\"parameters\":{\"binary_data_size\":");
    private static final byte[] BINARY_END = JsonText.piece("}}");
    private static final byte[] DATA = JsonText.piece("],\"data\":[");
    private static final byte[] END = JsonText.piece("]}");
    private static final byte[] COMMA = JsonText.piece(",");
    private static final byte[] TRUE = JsonText.piece("true");
    private static final byte[] FALSE = JsonText.piece("false");
    private static final byte[][] DATATYPES = new byte[Datatype.values().length][];

    static {
        for (Datatype datatype : Datatype.values()) {
            DATATYPES[datatype.ordinal()] = JsonText.piece(datatype.name());
        }
    }

    /** So many elements have room made for them at a time. */
    private static final int AT_ONCE = 256;

    private TensorWriter() {}

    /** @param kind input or output, for messages */
    static void write(Tensor tensor, String kind, boolean binary, ByteWriter out) {
        if (!binary && BinaryOnly.is(tensor.datatype())) {
            throw BinaryOnly.sending(tensor.datatype(), kind, tensor.name());
        }
        JsonText.piece(NAME, out);
        JsonText.string(tensor.name(), out);
        JsonText.piece(DATATYPE, out);
        JsonText.piece(DATATYPES[tensor.datatype().ordinal()], out);
        JsonText.piece(SHAPE, out);
        long[] shape = tensor.shape();
        for (int i = 0; i < shape.length; i++) {
            if (i > 0) {
                JsonText.piece(COMMA, out);
            }
            JsonText.number(shape[i], out);
        }
        if (binary) {
            JsonText.piece(BINARY, out);
            JsonText.number(tensor.data().limit(), out);
            JsonText.piece(BINARY_END, out);
        } else {
            JsonText.piece(DATA, out);
            elements(tensor, tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN), out);
            JsonText.piece(END, out);
        }
    }

    private static void elements(Tensor tensor, ByteBuffer data, ByteWriter out) {
        if (tensor.datatype() == Datatype.BYTES) {
            strings(tensor, data, out);
            return;
        }
        int elementBytes = tensor.datatype().elementBytes();
        int step = AT_ONCE * elementBytes;
        for (int from = 0; from < data.limit(); from += step) {
            out.pass();
            int to = Math.min(data.limit() - from, step) + from;
            byte[] bytes = out.room((to - from) / elementBytes * Digits.ROOM);
            int at = out.size();
            if (from > 0) {
                bytes[at++] = ',';
            }
            out.advance(numbers(tensor.datatype(), data, from, to, bytes, at) - out.size());
        }
    }

    /** @return the offset behind the last, which has no comma behind it */
    private static int numbers(Datatype datatype, ByteBuffer data, int from, int to, byte[] bytes, int start) {
        int at = start;
        for (int i = from; i < to; i += datatype.elementBytes()) {
            at = switch (datatype) {
                case FP32 -> FloatText.put(data.getFloat(i), bytes, at);
                case FP64 -> DoubleText.put(data.getDouble(i), bytes, at);
                case INT64 -> Digits.put(data.getLong(i), bytes, at);
                case INT32 -> Digits.put(data.getInt(i), bytes, at);
                case INT16 -> Digits.put(data.getShort(i), bytes, at);
                case INT8 -> Digits.put(data.get(i), bytes, at);
                case UINT64 -> Digits.putUnsigned(data.getLong(i), bytes, at);
                case UINT32 -> Digits.put(data.getInt(i) & 0xffff_ffffL, bytes, at);
                case UINT16 -> Digits.put(data.getShort(i) & 0xffff, bytes, at);
                case UINT8 -> Digits.put(data.get(i) & 0xff, bytes, at);
                case BOOL -> FloatText.word(data.get(i) != 0 ? TRUE : FALSE, bytes, at);
                case FP16, BF16, BYTES -> throw new IllegalStateException(datatype + " is no JSON number");
            };
            bytes[at++] = ',';
        }
        return at - 1;
    }

    private static void strings(Tensor tensor, ByteBuffer data, ByteWriter out) {
        for (int at = 0; at < data.limit(); ) {
            out.pass();
            if (at > 0) {
                JsonText.piece(COMMA, out);
            }
            int length = data.getInt(at);
            if (!JsonText.string(data, at + Integer.BYTES, length, out)) {
                throw new InvalidInference(
                        "'" + tensor.name() + "' has an element that is not UTF-8, which JSON can't carry");
            }
            at += Integer.BYTES + length;
        }
    }
}
