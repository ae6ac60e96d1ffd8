package dev.teal.worker;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.attribute;
import static dev.teal.protocol.onnx.OnnxModels.graph;
import static dev.teal.protocol.onnx.OnnxModels.int64s;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.node;
import static dev.teal.protocol.onnx.OnnxModels.typed;
import static dev.teal.protocol.onnx.OnnxModels.value;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.onnx.Message;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** A small model that is made for a test, with its signature. */
record TestModel(byte[] bytes, ModelSignature signature) {
    private static final int IR = 8;
    private static final int OPSET = 17;

    /** Inputs x0, x1, … of one shape, and outputs y0, y1, … that are the same. */
    static TestModel identity(List<Datatype> datatypes, long... shape) {
        Message graph = graph();
        List<TensorSpec> inputs = new ArrayList<>();
        List<TensorSpec> outputs = new ArrayList<>();
        for (int i = 0; i < datatypes.size(); i++) {
            Datatype datatype = datatypes.get(i);
            graph.with(1, node("Identity", "x" + i, "y" + i))
                    .with(11, value("x" + i, number(datatype), shape))
                    .with(12, value("y" + i, number(datatype), shape));
            inputs.add(spec("x" + i, datatype, shape));
            outputs.add(spec("y" + i, datatype, shape));
        }
        return of(graph, inputs, outputs);
    }

    static TestModel identity(Datatype datatype, long... shape) {
        return identity(List.of(datatype), shape);
    }

    /** {@code y0 = x0 - mean of all rows of x0}: what looks like rows is a population. */
    static TestModel centred() {
        Message axes = typed("axes", 7).with(8, 0);
        Message graph = graph().with(1, node("ReduceMean", "x0", "mean").with(5, axes))
                .with(1, node("Sub", "x0,mean", "y0"))
                .with(11, value("x0", FLOAT, -1, 4))
                .with(12, value("y0", FLOAT, -1, 4));
        return of(graph, List.of(spec("x0", Datatype.FP32, -1, 4)), List.of(spec("y0", Datatype.FP32, -1, 4)));
    }

    /** {@code y0 = x0 - mean of all rows of what is above zero in x0}: nothing is mixed as long as nothing is. */
    static TestModel centredAboveZero() {
        Message axes = typed("axes", 7).with(8, 0);
        Message graph = graph().with(1, node("Relu", "x0", "above"))
                .with(1, node("ReduceMean", "above", "mean").with(5, axes))
                .with(1, node("Sub", "x0,mean", "y0"))
                .with(11, value("x0", FLOAT, -1, 4))
                .with(12, value("y0", FLOAT, -1, 4));
        return of(graph, List.of(spec("x0", Datatype.FP32, -1, 4)), List.of(spec("y0", Datatype.FP32, -1, 4)));
    }

    /** {@code y0 = x0 + mean of all rows of x1}: what happens in one input does not show while the other alone differs. */
    static TestModel biased() {
        Message axes = typed("axes", 7).with(8, 0);
        Message graph = graph().with(1, node("ReduceMean", "x1", "mean").with(5, axes))
                .with(1, node("Add", "x0,mean", "y0"))
                .with(11, value("x0", FLOAT, -1, 2))
                .with(11, value("x1", FLOAT, -1, 2))
                .with(12, value("y0", FLOAT, -1, 2));
        return of(
                graph,
                List.of(spec("x0", Datatype.FP32, -1, 2), spec("x1", Datatype.FP32, -1, 2)),
                List.of(spec("y0", Datatype.FP32, -1, 2)));
    }

    /** {@code y0 = x0 + x1} of inputs whose shapes are declared so, as their model's file says them. */
    static TestModel sum(Message x0, List<Long> shape0, Message x1, List<Long> shape1, Message y0) {
        Message graph = graph().with(1, node("Add", "x0,x1", "y0"))
                .with(11, x0)
                .with(11, x1)
                .with(12, y0);
        return of(
                graph,
                List.of(new TensorSpec("x0", Datatype.FP32, shape0), new TensorSpec("x1", Datatype.FP32, shape1)),
                List.of(spec("y0", Datatype.FP32, -1, -1)));
    }

    /** {@code same = x0}, {@code negative = -x0}. */
    static TestModel twoOutputs() {
        Message graph = graph().with(1, node("Identity", "x0", "same"))
                .with(1, node("Neg", "x0", "negative"))
                .with(11, value("x0", FLOAT, -1, -1))
                .with(12, value("same", FLOAT, -1, -1))
                .with(12, value("negative", FLOAT, -1, -1));
        return of(
                graph,
                List.of(spec("x0", Datatype.FP32, -1, -1)),
                List.of(spec("same", Datatype.FP32, -1, -1), spec("negative", Datatype.FP32, -1, -1)));
    }

    /** {@code same = x0}, {@code centred = x0 - mean of all rows of x0}. */
    static TestModel halfCentred() {
        Message axes = typed("axes", 7).with(8, 0);
        Message graph = graph().with(1, node("Identity", "x0", "same"))
                .with(1, node("ReduceMean", "x0", "mean").with(5, axes))
                .with(1, node("Sub", "x0,mean", "centred"))
                .with(11, value("x0", FLOAT, -1, 4))
                .with(12, value("same", FLOAT, -1, 4))
                .with(12, value("centred", FLOAT, -1, 4));
        return of(
                graph,
                List.of(spec("x0", Datatype.FP32, -1, 4)),
                List.of(spec("same", Datatype.FP32, -1, 4), spec("centred", Datatype.FP32, -1, 4)));
    }

    /** {@code y0 = x0}, one number, as often as this. */
    static TestModel spread(long times) {
        Message graph = graph().with(5, int64s("times", times))
                .with(1, node("Expand", "x0,times", "y0"))
                .with(11, value("x0", FLOAT, 1))
                .with(12, value("y0", FLOAT, times));
        return of(graph, List.of(spec("x0", Datatype.FP32, 1)), List.of(spec("y0", Datatype.FP32, times)));
    }

    /** {@code y0 = sum of x0}: an input of one size, and an answer that is small. */
    static TestModel sumOf(Datatype datatype, long elements) {
        Message graph = graph().with(1, node("ReduceSum", "x0", "y0").with(5, attribute("keepdims", 0)))
                .with(11, value("x0", number(datatype), elements))
                .with(12, value("y0", number(datatype)));
        return of(graph, List.of(spec("x0", datatype, elements)), List.of(spec("y0", datatype)));
    }

    private static TestModel of(Message graph, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        return new TestModel(model(IR, OPSET, graph).bytes(), new ModelSignature(inputs, outputs, OPSET));
    }

    private static TensorSpec spec(String name, Datatype datatype, long... shape) {
        return new TensorSpec(name, datatype, LongStream.of(shape).boxed().toList());
    }

    /** ONNX's for it. */
    private static int number(Datatype datatype) {
        return switch (datatype) {
            case FP32 -> 1;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> 7;
            case BYTES -> 8;
            case BOOL -> 9;
            case FP16 -> 10;
            case FP64 -> 11;
            case UINT32 -> 12;
            case UINT64 -> 13;
            case BF16 -> 16;
        };
    }

    /** On a worker of its own. */
    TestWorker served() throws IOException {
        return served(new RuntimeSettings(1, 1), ModelConfig.NONE);
    }

    /** On one whose line has a bound in bytes. */
    TestWorker served(long queueBytes) throws IOException {
        return served(new TestWorker(1024, queueBytes), new RuntimeSettings(1, 1), ModelConfig.NONE);
    }

    TestWorker served(RuntimeSettings runtime, ModelConfig config) throws IOException {
        return served(new TestWorker(), runtime, config);
    }

    private TestWorker served(TestWorker worker, RuntimeSettings runtime, ModelConfig config) throws IOException {
        Path file = Files.createTempFile("teal", ".onnx");
        try {
            Files.write(file, bytes);
            Assignment plain = TestWorker.assignment(file, null, signature, runtime);
            WorkerStatus status = worker.prove(with(plain, config));
            if (status.state() != WorkerState.READY) {
                throw new IOException("not proven: " + status.failure());
            }
            return worker;
        } catch (IOException | RuntimeException e) {
            worker.close();
            throw e;
        } finally {
            Files.delete(file);
        }
    }

    static Assignment with(Assignment plain, ModelConfig config) {
        return new Assignment(
                plain.endpoint(),
                plain.environment(),
                plain.color(),
                plain.model(),
                plain.version(),
                plain.digest(),
                plain.artifactFile(),
                plain.samplesDigest(),
                plain.samplesFile(),
                plain.signature(),
                config,
                plain.runtime());
    }
}
