package dev.teal.worker.real;

import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What answers a question: a worker by one way of asking, or the reference. */
public interface Runner {
    /** @return the outputs by name */
    Map<String, Tensor> run(List<Tensor> inputs) throws IOException;
}
