package dev.teal.benchmark;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What is measured with. All but the embedding are made here, with weights from fixed seeds. */
final class Models {
    private static final int FEATURES = 30;
    private static final int HIDDEN = 32;
    private static final long IMAGE = 224;
    private static final long[] TOKENS = {
        101, 1996, 4248, 2829, 4419, 14523, 2058, 1996, 13971, 3899, 2096, 1996, 2543, 2003, 5559, 102
    };

    private Models() {}

    private record Made(byte[] bytes, ModelSignature signature, List<Tensor> question) implements BenchmarkModel {}

    static BenchmarkModel named(String name) throws IOException {
        return switch (name) {
            case "tabular" -> tabular();
            case "image" -> image();
            case "embedding" -> embedding();
            case "embedding-long" -> embedding(4);
            default -> throw new IllegalArgumentException("no model is called " + name);
        };
    }

    /** 30 floats to the probabilities of 2 classes through one hidden layer: computing it costs next to nothing. */
    static BenchmarkModel tabular() {
        ModelSignature signature = signature(List.of(-1L, (long) FEATURES), List.of(-1L, 2L));
        byte[] bytes = new ModelFile()
                .weights("w1", Tensors.values(1, FEATURES * HIDDEN, 0.2f), FEATURES, HIDDEN)
                .weights("b1", Tensors.values(2, HIDDEN, 0.1f), HIDDEN)
                .weights("w2", Tensors.values(3, HIDDEN * 2, 0.2f), HIDDEN, 2)
                .weights("b2", Tensors.values(4, 2, 0.1f), 2)
                .node("Gemm", List.of("x", "w1", "b1"), "h")
                .node("Relu", List.of("h"), "r")
                .node("Gemm", List.of("r", "w2", "b2"), "logits")
                .node("Softmax", List.of("logits"), "y")
                .bytes(signature);
        return new Made(bytes, signature, List.of(Tensors.floats("x", 5, 1, FEATURES)));
    }

    /** An image of 600 kB to 3 means: what is left is carrying it. */
    static BenchmarkModel image() {
        ModelSignature signature = signature(List.of(-1L, 3L, IMAGE, IMAGE), List.of(-1L, 3L));
        byte[] bytes = new ModelFile()
                .node("GlobalAveragePool", List.of("x"), "pooled")
                .node("Flatten", List.of("pooled"), "y")
                .bytes(signature);
        return new Made(bytes, signature, List.of(Tensors.floats("x", 6, 1, 3, IMAGE, IMAGE)));
    }

    /** Takes any matrix and needs memory for two more of its size. */
    static BenchmarkModel anyMatrix() {
        ModelSignature signature = signature(List.of(-1L, -1L), List.of(-1L, -1L));
        byte[] bytes = new ModelFile()
                .node("Tanh", List.of("x"), "t")
                .node("Softmax", List.of("t"), "y")
                .bytes(signature);
        return new Made(bytes, signature, List.of(Tensors.floats("x", 7, 4, 8)));
    }

    /** all-MiniLM-L6-v2 int8, asked with 16 tokens. */
    static BenchmarkModel embedding() throws IOException {
        return embedding(1);
    }

    /** The same. @param times the text's tokens, one after the other */
    private static BenchmarkModel embedding(int times) throws IOException {
        List<TensorSpec> inputs = Stream.of("input_ids", "attention_mask", "token_type_ids")
                .map(name -> new TensorSpec(name, Datatype.INT64, List.of(-1L, -1L)))
                .toList();
        ModelSignature signature = new ModelSignature(
                inputs,
                List.of(new TensorSpec("last_hidden_state", Datatype.FP32, List.of(-1L, -1L, 384L))),
                ModelFile.OPSET);
        long[] tokens = new long[TOKENS.length * times];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = TOKENS[i % TOKENS.length];
        }
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        List<Tensor> question = List.of(
                Tensors.longs("input_ids", tokens),
                Tensors.longs("attention_mask", ones),
                Tensors.longs("token_type_ids", new long[tokens.length]));
        try (InputStream model = Models.class.getResourceAsStream("/all-minilm-l6-v2-q.onnx")) {
            if (model == null) {
                throw new FileNotFoundException("the embedding model is not on the class path");
            }
            return new Made(model.readAllBytes(), signature, question);
        }
    }

    private static ModelSignature signature(List<Long> input, List<Long> output) {
        return new ModelSignature(
                List.of(new TensorSpec("x", Datatype.FP32, input)),
                List.of(new TensorSpec("y", Datatype.FP32, output)),
                ModelFile.OPSET);
    }
}
