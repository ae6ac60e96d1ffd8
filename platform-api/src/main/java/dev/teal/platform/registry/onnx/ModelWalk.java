package dev.teal.platform.registry.onnx;

import dev.teal.platform.registry.domain.ExternalData;
import dev.teal.platform.registry.domain.NotAnOnnxModel;
import dev.teal.protocol.oip.ModelSignature;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The parts of an ONNX model, by the field numbers of onnx.proto (IR 3 to 13): each is either understood, or known to be harmless and skipped.
 * Data outside of the file is refused wherever it can stand: weights, sparse weights, constants, branches, functions, training.
 */
final class ModelWalk {
    private static final int OLDEST_IR = 3;
    private static final int MOST_NAME_CHARACTERS = 16 << 20;
    private static final int MOST_OPERATOR_SETS = 100;

    private final ProtoReader in;
    private final Operators operators = new Operators();
    private final Map<String, Long> opsets = new HashMap<>();
    private int nameCharacters;
    private long irVersion;
    private GraphTensors main = new GraphTensors();
    private boolean hasGraph;

    ModelWalk(ProtoReader in) {
        this.in = in;
    }

    void model() throws IOException {
        in.fields((field, type) -> {
            switch (field) {
                case 1 -> irVersion = in.number(type);
                case 2, 3, 4, 5, 6, 14, 26 -> in.skip(type);
                case 7 -> mainGraph(type);
                case 8 -> operatorSet(type, opsets);
                case 20 -> training(type);
                case 25 -> function(type);
                default -> throw new NotAnOnnxModel("it has a field " + field + ", which no ONNX model has");
            }
        });
    }

    ModelSignature signature() {
        if (!hasGraph) {
            throw new NotAnOnnxModel("it has no graph");
        }
        if (irVersion < OLDEST_IR) {
            throw new NotAnOnnxModel("its IR version is " + irVersion + ", the oldest that works is " + OLDEST_IR);
        }
        if (opsets.isEmpty()) {
            throw new NotAnOnnxModel("it names no operator set");
        }
        operators.requireKnown();
        return new ModelSignature(main.specsOfInputs(), main.specsOfOutputs(), opsets.getOrDefault("", 0L));
    }

    private void mainGraph(int type) throws IOException {
        if (hasGraph) {
            throw new NotAnOnnxModel("it has two graphs");
        }
        hasGraph = true;
        main = graph(type, Operators.MAIN);
    }

    private void training(int type) throws IOException {
        in.message(type, (field, fieldType) -> {
            switch (field) {
                case 1, 2 -> graph(fieldType, Operators.MAIN);
                default -> in.skip(fieldType);
            }
        });
    }

    private void operatorSet(int type, Map<String, Long> into) throws IOException {
        String[] domain = {""};
        long[] version = {0};
        in.message(type, (field, fieldType) -> {
            switch (field) {
                case 1 -> domain[0] = in.text(fieldType);
                case 2 -> version[0] = in.number(fieldType);
                default -> in.skip(fieldType);
            }
        });
        if (version[0] < 1) {
            throw new NotAnOnnxModel("operator set '" + Printable.of(domain[0]) + "' has version " + version[0]);
        }
        if (into.size() >= MOST_OPERATOR_SETS) {
            throw new NotAnOnnxModel("it names more than " + MOST_OPERATOR_SETS + " operator sets");
        }
        into.put(domain[0].equals("ai.onnx") ? "" : domain[0], version[0]);
    }

    private void function(int type) throws IOException {
        Operators.Caller function = operators.newFunction();
        in.message(type, (field, fieldType) -> {
            switch (field) {
                case 1 -> function.name = in.text(fieldType);
                case 10 -> function.domain = in.text(fieldType);
                case 7 -> node(fieldType, function);
                case 9 -> operatorSet(fieldType, new HashMap<>());
                case 11 -> attribute(fieldType, function);
                default -> in.skip(fieldType);
            }
        });
    }

    private GraphTensors graph(int type, Operators.Caller caller) throws IOException {
        GraphTensors tensors = new GraphTensors();
        in.message(type, (field, fieldType) -> {
            switch (field) {
                case 1 -> node(fieldType, caller);
                case 5 -> tensors.initializer(counted(tensor(fieldType, "weight")));
                case 11 -> tensors.input(ValueReader.read(in, fieldType));
                case 12 -> tensors.output(ValueReader.read(in, fieldType));
                case 15 -> tensors.initializer(counted(sparse(fieldType)));
                default -> in.skip(fieldType);
            }
        });
        return tensors;
    }

    private String counted(String name) {
        nameCharacters += name.length();
        if (nameCharacters > MOST_NAME_CHARACTERS) {
            throw new NotAnOnnxModel("the names of its weights have more than " + MOST_NAME_CHARACTERS + " characters");
        }
        return name;
    }

    private void node(int type, Operators.Caller caller) throws IOException {
        String[] operator = {""};
        String[] domain = {""};
        in.message(type, (field, fieldType) -> {
            switch (field) {
                case 4 -> operator[0] = in.text(fieldType);
                case 7 -> domain[0] = in.text(fieldType);
                case 5 -> attribute(fieldType, caller);
                default -> in.skip(fieldType);
            }
        });
        operators.used(domain[0], operator[0], caller);
    }

    private void attribute(int type, Operators.Caller caller) throws IOException {
        in.message(type, (field, fieldType) -> {
            switch (field) {
                case 5, 10 -> tensor(fieldType, "constant");
                case 6, 11 -> graph(fieldType, caller);
                case 22, 23 -> sparse(fieldType);
                default -> in.skip(fieldType);
            }
        });
    }

    /** @return its name, which is that of its values */
    private String sparse(int type) throws IOException {
        String[] name = {""};
        in.message(type, (field, fieldType) -> {
            switch (field) {
                case 1 -> name[0] = tensor(fieldType, "sparse weight");
                case 2 -> tensor(fieldType, "index of a sparse weight");
                default -> in.skip(fieldType);
            }
        });
        return name[0];
    }

    /** @return its name */
    private String tensor(int type, String what) throws IOException {
        String[] name = {""};
        boolean[] external = {false};
        in.message(type, (field, fieldType) -> {
            switch (field) {
                case 8 -> name[0] = in.text(fieldType);
                case 13 -> {
                    external[0] = true;
                    in.skip(fieldType);
                }
                case 14 -> external[0] |= in.number(fieldType) != 0;
                default -> in.skip(fieldType);
            }
        });
        if (external[0]) {
            throw new ExternalData(what + " '" + Printable.of(name[0]) + "'");
        }
        return name[0];
    }
}
