package dev.teal.protocol.grpc;

import dev.teal.protocol.grpc.ModelInferReader.Segment;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceCodec;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestLimits;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.wire.WireType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One {@code InferInputTensor}: what it says of itself, and then its elements from where they lie. */
final class InputReader {
    private static final int MOST_TENSOR_BYTES = Integer.MAX_VALUE - 64;

    private final WireReader reader;
    private String name = "";
    private String said = "";
    private long[] shape = {};
    private int rank;
    private @Nullable Segment contents;

    private InputReader(WireReader reader) {
        this.reader = reader;
    }

    static InputReader next(WireReader reader) {
        InputReader input = new InputReader(reader);
        input.read();
        return input;
    }

    /** Passes the next one by. @return its first dimension; 0 where it has none */
    static long rows(WireReader reader) {
        long rows = -1;
        int outer = reader.enter();
        while (reader.more()) {
            int tag = reader.tag();
            if (tag == (3 << 3 | WireType.VARINT) && rows < 0) {
                rows = reader.varint();
            } else if (tag == (3 << 3 | WireType.BYTES) && rows < 0) {
                int field = reader.enter();
                while (reader.more()) {
                    long dimension = reader.varint();
                    rows = rows < 0 ? dimension : rows;
                }
                reader.leave(field);
            } else {
                reader.skip(tag);
            }
        }
        reader.leave(outer);
        return Math.max(0, rows);
    }

    String name() {
        return name;
    }

    private void read() {
        Parameters parameters = Parameters.NONE;
        int outer = reader.enter();
        while (reader.more()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireType.BYTES -> name = ModelInferReader.name(reader, "an input's name");
                case 2 << 3 | WireType.BYTES -> said = ModelInferReader.name(reader, "an input's datatype");
                case 3 << 3 | WireType.VARINT -> dimension();
                case 3 << 3 | WireType.BYTES -> dimensions();
                case 4 << 3 | WireType.BYTES -> parameters = parameters.read(reader);
                case 5 << 3 | WireType.BYTES -> contents();
                default -> reader.skip(tag);
            }
        }
        reader.leave(outer);
        if (name.isEmpty()) {
            throw new InvalidInference("an input needs a 'name'");
        }
        parameters.refuseSharedMemory(name);
    }

    private void contents() {
        if (contents != null) {
            throw new InvalidInference("'" + name + "' has 'contents' more than once");
        }
        contents = Segment.next(reader);
    }

    private void dimensions() {
        int outer = reader.enter();
        while (reader.more()) {
            dimension();
        }
        reader.leave(outer);
    }

    private void dimension() {
        long dimension = reader.varint();
        if (dimension < 0) {
            throw new InvalidInference("'" + name + "' must have dimensions of 0 or more, got " + dimension);
        }
        if (rank == RequestLimits.DIMENSIONS) {
            throw new InvalidInference(
                    "'" + name + "' has more than " + RequestLimits.DIMENSIONS + " dimensions; send fewer");
        }
        if (rank == shape.length) {
            shape = Arrays.copyOf(shape, Math.max(4, rank * 2));
        }
        shape[rank++] = dimension;
    }

    private Datatype datatype() {
        for (Datatype known : Datatype.values()) {
            if (known.name().equals(said)) {
                return known;
            }
        }
        throw new InvalidInference(
                "'" + name + "' has no datatype that there is; use one of " + Arrays.toString(Datatype.values()));
    }

    /** How many elements the shape names; fewer than fill a buffer. */
    private int count(Datatype datatype) {
        shape = rank == shape.length ? shape : Arrays.copyOf(shape, rank);
        try {
            long count = Tensor.elements(shape);
            int least = datatype == Datatype.BYTES ? Integer.BYTES : datatype.elementBytes();
            if (count <= MOST_TENSOR_BYTES / least) {
                return (int) count;
            }
        } catch (ArithmeticException e) {
            throw new InvalidInference("'" + name + "' has a shape of more elements than can be counted", e);
        }
        throw new InvalidInference("'" + name + "' has a shape of more elements than a message holds");
    }

    Tensor raw(Segment bytes, String model, TensorAllocator memory) {
        if (contents != null) {
            throw new InvalidInference("contents field must not be specified when using raw_input_contents for '" + name
                    + "' for model '" + model + "'");
        }
        Datatype datatype = datatype();
        int count = count(datatype);
        if (datatype != Datatype.BYTES && (long) count * datatype.elementBytes() != bytes.length()) {
            throw mismatch(model, (long) count * datatype.elementBytes(), bytes.length());
        }
        ByteBuffer data = memory.allocate(bytes.length());
        reader.seek(bytes.start(), bytes.length());
        reader.copy(bytes.length(), data);
        data.flip();
        Tensor tensor = new Tensor(name, datatype, shape, data);
        InferenceCodec.requireWhole(tensor);
        return tensor;
    }

    private InvalidInference mismatch(String model, long expected, long got) {
        return new InvalidInference("input byte size mismatch for input '" + name + "' for model '" + model
                + "'. Expected " + expected + ", got " + got);
    }

    Tensor typed(String model, TensorAllocator memory) {
        Datatype datatype = datatype();
        int count = count(datatype);
        if (datatype == Datatype.FP16 || datatype == Datatype.BF16) {
            if (count == 0 && (contents == null || contents.length() == 0)) {
                return new Tensor(name, datatype, shape, memory.allocate(0));
            }
            throw new InvalidInference(
                    "'" + name + "' is " + datatype + ", which typed contents do not have; send raw_input_contents");
        }
        Segment where = contents == null ? new Segment(0, 0) : contents;
        ContentsReader typed = new ContentsReader(reader, where, name, datatype);
        int got = typed.count();
        if (got != count) {
            throw new InvalidInference("'" + name + "' of model '" + model + "' has a shape of " + count
                    + " elements, and " + got + " in its contents; make them agree");
        }
        return new Tensor(name, datatype, shape, typed.read(memory));
    }
}
