package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.WireReader.once;

import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.onnx.Census.Part;

/**
 * The parts of an ONNX model, by the field numbers of onnx.proto (IR 3 to 13): each is either understood, or known to be harmless and skipped.
 * Data outside of the file is refused wherever it can stand: weights, sparse weights, constants, branches, functions, training.
 */
final class ModelWalk {
    private static final long ONCE = once(1, 2, 3, 4, 5, 6);
    private static final long TRAINING_ONCE = once(1, 2);
    private static final long FUNCTION_ONCE = once(1, 8, 10, 13);
    private static final int OLDEST_IR = 3;
    /** Of ONNX 1.21, the newest that ONNX Runtime 1.29 reads. */
    private static final int NEWEST_IR = 13;

    private final WireReader in;
    private final Census census = new Census();
    private final Operators operators = new Operators();
    private final OperatorSets operatorSets = new OperatorSets();
    private final GraphWalk graphs;
    private long irVersion;
    private GraphTensors main = new GraphTensors();
    private boolean hasGraph;

    ModelWalk(java.lang.foreign.MemorySegment file) {
        in = new WireReader(file, census);
        graphs = new GraphWalk(in, census, operators);
    }

    ModelSignature model() {
        in.fields(ONCE, (field, type) -> {
            switch (field) {
                case 1 -> irVersion = in.number(type);
                case 5 -> in.number(type);
                case 2, 3, 4, 6, 14, 26 -> in.bytes(type);
                case 7 -> mainGraph(type);
                case 8 -> operatorSets.read(in, type);
                case 20 -> training(type);
                case 25 -> function(type);
                default -> throw OnnxRefused.notAModel("it has a field " + field + ", which no ONNX model has");
            }
        });
        return signature();
    }

    private ModelSignature signature() {
        if (!hasGraph) {
            throw OnnxRefused.notAModel("it has no graph");
        }
        if (irVersion < OLDEST_IR || irVersion > NEWEST_IR) {
            throw OnnxRefused.notAModel(
                    "its IR version is " + irVersion + ", those from " + OLDEST_IR + " to " + NEWEST_IR + " work");
        }
        operatorSets.requireSome();
        operators.requireKnown();
        return new ModelSignature(main.specsOfInputs(), main.specsOfOutputs(), operatorSets.defaultVersion());
    }

    private void mainGraph(int type) {
        if (hasGraph) {
            throw OnnxRefused.notAModel("it has two graphs");
        }
        hasGraph = true;
        main = graphs.graph(type, Operators.MAIN);
    }

    private void training(int wireType) {
        in.message(wireType, TRAINING_ONCE, (field, type) -> {
            switch (field) {
                case 1, 2 -> graphs.graph(type, Operators.MAIN);
                case 3, 4 -> in.bytes(type);
                default -> in.skip(type);
            }
        });
    }

    private void function(int wireType) {
        census.count(Part.FUNCTIONS);
        Operators.Caller function = new Operators.Caller();
        OperatorSets own = new OperatorSets();
        String[] names = {"", "", ""};
        in.message(wireType, FUNCTION_ONCE, (field, type) -> {
            switch (field) {
                case 1 -> names[1] = in.text(type);
                case 10 -> names[0] = in.text(type);
                case 13 -> names[2] = in.text(type);
                case 4, 5, 6 -> {
                    census.count(Part.STRINGS);
                    in.name(type);
                }
                case 7 -> graphs.node(type, function);
                case 8, 12, 14 -> in.bytes(type);
                case 9 -> own.read(in, type);
                case 11 -> graphs.attribute(type, function);
                default -> in.skip(type);
            }
        });
        operators.define(new Operators.Operator(names[0], names[1], names[2]), function);
    }
}
