package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.wire.WireWriter;
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
        WireWriter graph = new WireWriter();
        for (Datatype datatype : datatypes) {
            graph.put(
                    1,
                    new WireWriter()
                            .put(1, input(datatype))
                            .put(2, output(datatype))
                            .put(4, "Identity"));
        }
        graph.put(2, "identity");
        for (Datatype datatype : datatypes) {
            graph.put(11, tensor(input(datatype), datatype));
        }
        for (Datatype datatype : datatypes) {
            graph.put(12, tensor(output(datatype), datatype));
        }
        return new WireWriter()
                .put(1, IR_VERSION)
                .put(7, graph)
                .put(8, new WireWriter().put(2, OPSET))
                .toByteArray();
    }

    private static WireWriter tensor(String name, Datatype datatype) {
        WireWriter shape = new WireWriter().put(1, new WireWriter().put(2, "n_" + datatype));
        WireWriter type =
                new WireWriter().put(1, ElementType.numberOf(datatype)).put(2, shape);
        return new WireWriter().put(1, name).put(2, new WireWriter().put(1, type));
    }
}
