package dev.teal.protocol.oip;

import dev.teal.protocol.fuzz.FuzzTarget;
import java.util.List;

/** What the fuzz targets of the protocol begin with. */
final class OipWords {
    static final List<byte[]> WORDS = FuzzTarget.words(
            "\"inputs\":",
            "\"outputs\":",
            "\"name\":",
            "\"datatype\":",
            "\"shape\":",
            "\"data\":",
            "\"parameters\":",
            "\"id\":",
            "\"binary_data_size\":",
            "\"binary_data_output\":",
            "\"binary_data\":",
            "\"classification\":",
            "\"priority\":",
            "\"timeout\":",
            "\"sequence_id\":",
            "\"shared_memory_region\":",
            "\"triton_x\":",
            "\"FP32\"",
            "\"FP64\"",
            "\"FP16\"",
            "\"BF16\"",
            "\"BYTES\"",
            "\"BOOL\"",
            "\"INT8\"",
            "\"INT64\"",
            "\"UINT64\"",
            "null",
            "true",
            "false",
            "NaN",
            "-Infinity",
            "\\ud83d\\ude00",
            "\\ud800",
            "\\u0000",
            "é",
            "😀",
            "[[",
            "]]",
            "{}",
            "[]");

    static final List<byte[]> JSON_REQUESTS = FuzzTarget.words(
            """
            {"id":"a","parameters":{"x":1,"priority":3,"timeout":1000,"sequence_id":7,"sequence_start":true},"inputs":[
              {"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2.5],[-3e2,NaN]]},
              {"name":"s","datatype":"BYTES","data":["é😀\\u00e9\\n",""],"shape":[2]},
              {"data":[true,false],"parameters":{},"shape":[2],"datatype":"BOOL","name":"b"},
              {"name":"u","shape":[1],"datatype":"UINT64","data":[18446744073709551615]}],
              "outputs":[{"name":"y","parameters":{"binary_data":false,"classification":2}}]}""",
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP64\",\"shape\":[3],\"data\":[0.12345678901234567,1e-300,-0.0]}]}",
            "{\"inputs\":[{\"name\":\"i\",\"datatype\":\"INT64\",\"shape\":[1,2],\"data\":[[-9223372036854775808,7]]},"
                    + "{\"name\":\"j\",\"datatype\":\"INT8\",\"shape\":[],\"data\":[-128]},"
                    + "{\"name\":\"k\",\"datatype\":\"UINT16\",\"shape\":[0,4]}]}");

    private OipWords() {}

    static List<Datatype> datatypes(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::datatype).toList();
    }

    /** An element of JSON takes two bytes at least, and becomes eight at most: the bound on what may be asked for. */
    static void requireProportion(CountingAllocator memory, byte[] body) {
        if (memory.bytes() > 8L * body.length) {
            throw new AssertionError(memory.bytes() + " bytes were asked for, by a body of " + body.length);
        }
    }
}
