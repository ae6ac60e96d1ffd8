package dev.teal.benchmark;

import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.Tensor;
import java.util.List;

/** A model with one question that is asked of it again and again. */
interface BenchmarkModel {
    byte[] bytes();

    ModelSignature signature();

    List<Tensor> question();
}
