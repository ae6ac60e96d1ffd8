package dev.teal.worker.real;

import dev.teal.protocol.Json;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps some of the questions that go through it, with their answers, as golden samples. */
final class Samples implements Runner {
    private final Runner runner;
    private final Set<Integer> wanted;
    private final ArrayNode samples = Json.MAPPER.createArrayNode();
    private int asked;

    /** @param wanted which questions, counted from 0 */
    Samples(Runner runner, Set<Integer> wanted) {
        this.runner = runner;
        this.wanted = wanted;
    }

    @Override
    public Map<String, Tensor> run(List<Tensor> inputs) throws IOException {
        Map<String, Tensor> outputs = runner.run(inputs);
        if (wanted.contains(asked++)) {
            ObjectNode sample = samples.addObject();
            put(sample.putArray("inputs"), inputs);
            put(sample.putArray("outputs"), outputs.values());
            sample.putObject("tolerance").put("rtol", 1e-3).put("atol", 1e-3);
        }
        return outputs;
    }

    private static void put(ArrayNode list, Collection<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            ObjectNode described = list.addObject()
                    .put("name", tensor.name())
                    .put("datatype", tensor.datatype().toString());
            ArrayNode shape = described.putArray("shape");
            for (long dimension : tensor.shape()) {
                shape.add(dimension);
            }
            ArrayNode data = described.putArray("data");
            ByteBuffer elements = Values.little(tensor);
            while (elements.hasRemaining()) {
                if (tensor.datatype() == Datatype.INT64) {
                    data.add(elements.getLong());
                } else {
                    data.add(elements.getFloat());
                }
            }
        }
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, Json.MAPPER.writeValueAsBytes(samples));
    }
}
