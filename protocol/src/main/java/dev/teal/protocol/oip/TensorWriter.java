package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;

/** Writes one tensor with flat {@code data}; floats in the shortest form that reads back as the same. */
final class TensorWriter {
    private TensorWriter() {}

    static void write(JsonGenerator json, Tensor tensor) {
        json.writeStartObject();
        json.writeStringProperty("name", tensor.name());
        json.writeStringProperty("datatype", tensor.datatype().name());
        json.writeArrayPropertyStart("shape");
        for (long dimension : tensor.shape()) {
            json.writeNumber(dimension);
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("data");
        ByteBuffer data =
                tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
        while (data.hasRemaining()) {
            writeElement(json, tensor, data);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeElement(JsonGenerator json, Tensor tensor, ByteBuffer data) {
        switch (tensor.datatype()) {
            case BOOL -> json.writeBoolean(data.get() != 0);
            case INT8 -> json.writeNumber((int) data.get());
            case INT16 -> json.writeNumber((int) data.getShort());
            case INT32 -> json.writeNumber(data.getInt());
            case INT64 -> json.writeNumber(data.getLong());
            case UINT8 -> json.writeNumber(data.get() & 0xff);
            case UINT16 -> json.writeNumber(data.getShort() & 0xffff);
            case UINT32 -> json.writeNumber(data.getInt() & 0xffff_ffffL);
            case UINT64 -> json.writeNumber(Long.toUnsignedString(data.getLong()));
            case FP16 -> json.writeNumber(HalfFloats.fromFp16(data.getShort()));
            case BF16 -> json.writeNumber(HalfFloats.fromBf16(data.getShort()));
            case FP32 -> json.writeNumber(data.getFloat());
            case FP64 -> json.writeNumber(data.getDouble());
            case BYTES -> json.writeString(text(tensor, data));
        }
    }

    private static String text(Tensor tensor, ByteBuffer data) {
        int length = data.getInt();
        ByteBuffer element = data.slice(data.position(), length);
        data.position(data.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(element).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInference(
                    "'" + tensor.name() + "' has an element that is not UTF-8, which JSON can't carry", e);
        }
    }
}
