package dev.teal.platform.registry.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.teal.platform.registry.domain.NotAnOnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Protobuf, field by field, with limits on depth, number and length: never more in memory than one text. */
final class ProtoReader {
    private static final int DEEPEST = 64;
    /** A model of half a gigabyte has far fewer; a file made of nothing else would keep a core busy. */
    private static final long MOST_FIELDS = 20_000_000;

    private static final int LONGEST_TEXT = 4096;

    private final CodedInputStream in;
    private final long fileBytes;
    private int depth;
    private long fields;

    ProtoReader(InputStream bytes, long fileBytes) {
        this.in = CodedInputStream.newInstance(bytes, 64 * 1024);
        this.in.setSizeLimit(Integer.MAX_VALUE);
        this.fileBytes = fileBytes;
    }

    /** Reads one field of a message; must consume it. */
    @FunctionalInterface
    interface Field {
        void read(int number, int wireType) throws IOException;
    }

    /** All fields to the end of the message that was entered, or of the file. */
    void fields(Field each) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (++fields > MOST_FIELDS) {
                throw new NotAnOnnxModel("it has more than " + MOST_FIELDS + " fields");
            }
            each.read(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag));
        }
    }

    /** The fields of a message that stands here. */
    void message(int wireType, Field each) throws IOException {
        int bytes = length(wireType);
        if (++depth > DEEPEST) {
            throw new NotAnOnnxModel("its parts are nested more than " + DEEPEST + " deep");
        }
        int outer = in.pushLimit(bytes);
        fields(each);
        if (in.getBytesUntilLimit() != 0) {
            throw damaged();
        }
        in.popLimit(outer);
        depth--;
    }

    long number(int wireType) throws IOException {
        require(wireType, WireFormat.WIRETYPE_VARINT);
        return in.readInt64();
    }

    String text(int wireType) throws IOException {
        int bytes = length(wireType);
        if (bytes > LONGEST_TEXT) {
            throw new NotAnOnnxModel("a name has more than " + LONGEST_TEXT + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readRawBytes(bytes)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NotAnOnnxModel("a name is not UTF-8");
        }
    }

    /** Past a field that says nothing here: weights, documentation, what later versions of ONNX add. */
    void skip(int wireType) throws IOException {
        switch (wireType) {
            case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
            case WireFormat.WIRETYPE_FIXED64 -> in.skipRawBytes(Long.BYTES);
            case WireFormat.WIRETYPE_FIXED32 -> in.skipRawBytes(Integer.BYTES);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> in.skipRawBytes(length(wireType));
            default -> throw new NotAnOnnxModel("a field has a form that ONNX does not use");
        }
    }

    /** Checked against what is left, so that a length can not make anything large. */
    private int length(int wireType) throws IOException {
        require(wireType, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int bytes = in.readRawVarint32();
        int left = in.getBytesUntilLimit();
        if (bytes < 0 || (left >= 0 && bytes > left) || bytes > fileBytes - in.getTotalBytesRead()) {
            throw damaged();
        }
        return bytes;
    }

    private static InvalidProtocolBufferException damaged() {
        return new InvalidProtocolBufferException("a length goes beyond its message");
    }

    private static void require(int wireType, int wanted) {
        if (wireType != wanted) {
            throw new NotAnOnnxModel("a field has another type than ONNX gives it");
        }
    }

    int position() {
        return in.getTotalBytesRead();
    }
}
