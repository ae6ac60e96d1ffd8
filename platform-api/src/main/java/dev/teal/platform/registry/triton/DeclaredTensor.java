package dev.teal.platform.registry.triton;

import dev.teal.platform.registry.domain.InvalidConfig;
import dev.teal.platform.registry.domain.UnsupportedConfig;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An input or output as the configuration has it.
 *
 * @param shape with the batch's dimension in front, where there is one
 * @param labels name of the file with the labels of its elements
 */
record DeclaredTensor(
        String name,
        Datatype datatype,
        List<Long> shape,
        @Nullable String labels) {
    static final Set<String> INPUT = Set.of(
            "name",
            "data_type",
            "format",
            "dims",
            "reshape",
            "is_shape_tensor",
            "allow_ragged_batch",
            "optional",
            "is_non_linear_format_io");
    static final Set<String> OUTPUT = Set.of(
            "name", "data_type", "dims", "reshape", "label_filename", "is_shape_tensor", "is_non_linear_format_io");
    /** They change what a client sends or what the model gets. */
    private static final List<String> REFUSED =
            List.of("is_shape_tensor", "allow_ragged_batch", "optional", "is_non_linear_format_io");

    static DeclaredTensor read(Fields fields, boolean batched, Notes notes) {
        String name = fields.text("name");
        if (name == null || name.isEmpty()) {
            throw new InvalidConfig(fields.place() + ": an input or output needs a name");
        }
        String subject = "'" + name + "'";
        if (fields.has("reshape")) {
            throw new UnsupportedConfig(
                    "reshape of " + subject + "; export the model with the shape that clients send");
        }
        for (String flag : REFUSED) {
            if (fields.flag(flag)) {
                throw new UnsupportedConfig(flag + " of " + subject);
            }
        }
        String format = fields.word("format");
        notes.add(
                format != null && !format.equals("FORMAT_NONE"),
                "format of " + subject + " is not used: tensors pass as clients send them");
        return new DeclaredTensor(name, datatype(fields), shape(fields, batched), labels(fields));
    }

    private static @Nullable String labels(Fields fields) {
        String file = fields.text("label_filename");
        return file == null || file.isEmpty() ? null : file;
    }

    static Datatype datatype(Fields fields) {
        String type = fields.word("data_type");
        if (type == null) {
            throw new InvalidConfig(fields.place() + ": data_type is missing");
        }
        String name = type.equals("TYPE_STRING") ? "TYPE_BYTES" : type;
        return Stream.of(Datatype.values())
                .filter(datatype -> ("TYPE_" + datatype).equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidConfig(fields.place() + ": there is no data_type " + type));
    }

    private static List<Long> shape(Fields fields, boolean batched) {
        List<Long> shape = new ArrayList<>();
        if (batched) {
            shape.add(-1L);
        }
        shape.addAll(fields.numbers("dims", -1, Integer.MAX_VALUE));
        return List.copyOf(shape);
    }

    /** That tensor of the file, with no dimension open that is declared. It fits. */
    TensorSpec narrowed(TensorSpec spec) {
        List<Long> narrow = new ArrayList<>(shape);
        for (int i = 0; i < narrow.size(); i++) {
            if (narrow.get(i) == -1) {
                narrow.set(i, spec.shape().get(i));
            }
        }
        return new TensorSpec(spec.name(), spec.datatype(), narrow);
    }

    /** Why it is not that tensor of the file, or null. */
    @Nullable
    String misfit(TensorSpec spec, boolean batched) {
        String subject = "'" + name + "'";
        if (datatype != spec.datatype()) {
            return subject + " has datatype " + datatype + ", in the file " + spec.datatype();
        }
        if (batched && (spec.shape().isEmpty() || spec.shape().getFirst() != -1)) {
            return subject
                    + " has no open dimension in front for the batch (max_batch_size is above 0), in the file it is "
                    + spec.shape();
        }
        boolean fits = shape.size() == spec.shape().size();
        for (int i = 0; fits && i < shape.size(); i++) {
            long here = shape.get(i);
            long there = spec.shape().get(i);
            fits = here == there || here == -1 || there == -1;
        }
        return fits
                ? null
                : subject + " has shape " + shape + (batched ? " with the batch in front" : "") + ", in the file "
                        + spec.shape();
    }
}
