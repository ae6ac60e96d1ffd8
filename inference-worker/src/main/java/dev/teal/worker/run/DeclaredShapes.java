package dev.teal.worker.run;

import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.onnx.DeclaredInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model's file says of its inputs' shapes beyond its signature: which dimensions have one name and so one size. The runtime only
 * warns where those differ; it computes what it can, as where one size is spread over the other. So this is asked after a run has failed:
 * whose fault was it?
 */
final class DeclaredShapes {
    private final String model;
    private final List<DeclaredInput> inputs;

    private record Size(long size, String input) {}

    /** @param model its name */
    DeclaredShapes(String model, List<DeclaredInput> inputs) {
        this.model = model;
        this.inputs = inputs;
    }

    /** The first thing in which a request's inputs, in the model's order, are not as declared, in the words of an error. */
    Optional<String> contradiction(List<Tensor> given) {
        Map<String, Size> sizes = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Optional<String> contradiction = contradiction(inputs.get(i), given.get(i), sizes);
            if (contradiction.isPresent()) {
                return contradiction;
            }
        }
        return otherRows(given);
    }

    /** Where all first dimensions are open they most likely count rows, named or not. */
    private Optional<String> otherRows(List<Tensor> given) {
        if (inputs.stream()
                .anyMatch(input ->
                        input.spec().shape().isEmpty() || input.spec().shape().getFirst() >= 0)) {
            return Optional.empty();
        }
        return given.stream()
                .filter(tensor -> tensor.shape()[0] != given.getFirst().shape()[0])
                .findFirst()
                .map(tensor -> otherRows(tensor.name(), model));
    }

    static String otherRows(String input, String model) {
        return "input '" + input + "' batch size does not match other inputs for '" + model + "'";
    }

    private Optional<String> contradiction(DeclaredInput input, Tensor given, Map<String, Size> sizes) {
        if (input.spec().misfit(given) != null) {
            return Optional.of(unexpected(input, given));
        }
        for (int i = 0; i < given.shape().length; i++) {
            String name = input.dimensionNames().get(i);
            Size size = new Size(given.shape()[i], given.name());
            Size before = name.isEmpty() ? null : sizes.putIfAbsent(name, size);
            if (before != null && before.size() != size.size()) {
                return Optional.of(unexpected(input, given) + "; " + name + " is " + before.size() + " in input '"
                        + before.input() + "'");
            }
        }
        return Optional.empty();
    }

    private String unexpected(DeclaredInput input, Tensor given) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < input.spec().shape().size(); i++) {
            String name = input.dimensionNames().get(i);
            expected.add(name.isEmpty() ? input.spec().shape().get(i).toString() : name);
        }
        return "unexpected shape for input '" + given.name() + "' for model '" + model + "'. Expected " + text(expected)
                + ", got " + text(Arrays.stream(given.shape()).boxed().toList());
    }

    private static String text(List<?> shape) {
        return shape.toString().replace(" ", "");
    }
}
