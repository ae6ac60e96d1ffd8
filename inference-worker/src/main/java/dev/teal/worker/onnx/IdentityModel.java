package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A model that answers what it is asked, one input and output for each datatype asked for, shape {@code [-1]}. A worker runs it at its start
 * to see that it and the native library understand each other, and is trained with it. It is written here as the file would have it.
 */
public final class IdentityModel {
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    private final List<Datatype> datatypes;

    public IdentityModel(Datatype... datatypes) {
        this.datatypes = List.of(datatypes);
    }

    public static String input(Datatype datatype) {
        return "in_" + datatype;
    }

    public static String output(Datatype datatype) {
        return "out_" + datatype;
    }

    public ModelSignature signature() {
        List<TensorSpec> inputs = new ArrayList<>();
        List<TensorSpec> outputs = new ArrayList<>();
        for (Datatype datatype : datatypes) {
            inputs.add(new TensorSpec(input(datatype), datatype, List.of(-1L)));
            outputs.add(new TensorSpec(output(datatype), datatype, List.of(-1L)));
        }
        return new ModelSignature(inputs, outputs, OPSET);
    }

    /** The bytes of an ONNX file: a {@code ModelProto}. */
    public byte[] bytes() {
        Message graph = new Message();
        for (Datatype datatype : datatypes) {
            graph.add(
                    1,
                    new Message()
                            .add(1, input(datatype))
                            .add(2, output(datatype))
                            .add(4, "Identity"));
        }
        graph.add(2, "identity");
        for (Datatype datatype : datatypes) {
            graph.add(11, tensor(input(datatype), datatype));
        }
        for (Datatype datatype : datatypes) {
            graph.add(12, tensor(output(datatype), datatype));
        }
        return new Message()
                .add(1, IR_VERSION)
                .add(7, graph)
                .add(8, new Message().add(2, OPSET))
                .bytes();
    }

    private static Message tensor(String name, Datatype datatype) {
        Message shape = new Message().add(1, new Message().add(2, "n_" + datatype));
        Message type = new Message().add(1, ElementType.numberOf(datatype)).add(2, shape);
        return new Message().add(1, name).add(2, new Message().add(1, type));
    }

    /** The little of protobuf's encoding that this takes. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message add(int field, long number) {
            varint((long) field << 3);
            varint(number);
            return this;
        }

        Message add(int field, String text) {
            return add(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message add(int field, Message message) {
            return add(field, message.bytes());
        }

        private Message add(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7fL) != 0) {
                bytes.write((int) (left & 0x7f | 0x80));
                left >>>= 7;
            }
            bytes.write((int) left);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
