package dev.teal.worker.run.domain;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Requests of one row shape as one: their rows joined, and what comes of them cut apart again.
 *
 * @param requests the inputs of each, in the model's order
 */
public record Batch(List<List<Tensor>> requests) {
    public int rows() {
        return requests.stream().mapToInt(Batch::rows).sum();
    }

    private static int rows(List<Tensor> inputs) {
        return Math.toIntExact(inputs.getFirst().shape()[0]);
    }

    /** Of all elements. */
    public long bytes() {
        return requests.stream()
                .flatMap(List::stream)
                .mapToLong(tensor -> tensor.data().remaining())
                .sum();
    }

    public List<Tensor> joined(TensorAllocator memory) {
        List<Tensor> joined = new ArrayList<>();
        for (int i = 0; i < requests.getFirst().size(); i++) {
            int input = i;
            joined.add(
                    Rows.join(requests.stream().map(inputs -> inputs.get(input)).toList(), memory));
        }
        return joined;
    }

    /** Each request's own rows of the outputs, as views; empty where the outputs do not have the batch's rows. */
    public Optional<List<List<Tensor>>> apart(List<Tensor> outputs) {
        if (Rows.of(outputs) != rows()) {
            return Optional.empty();
        }
        List<List<Tensor>> apart = new ArrayList<>(requests.size());
        int from = 0;
        for (List<Tensor> inputs : requests) {
            int first = from;
            int rows = rows(inputs);
            apart.add(outputs.stream()
                    .map(output -> Rows.cut(output, first, rows))
                    .toList());
            from += rows;
        }
        return Optional.of(apart);
    }
}
