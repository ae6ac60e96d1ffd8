package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.Inspected.assertRefused;
import static dev.teal.protocol.onnx.Inspected.graph;
import static dev.teal.protocol.onnx.Inspected.read;
import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.tensor;
import static dev.teal.protocol.onnx.OnnxModels.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorInspectionTest {
    @Test
    void givenExternalDataAnywhereItIsRefused() {
        Message byList =
                tensor("w", FLOAT, 1).with(13, new Message().with(1, "location").with(2, "/etc/passwd"));
        Message byMark = tensor("w", FLOAT, 1).with(14, 1);
        for (Message tensor : List.of(byList, byMark)) {
            Message constant = new Message().with(4, "Constant").with(5, new Message().with(5, tensor));
            Message branch =
                    new Message().with(4, "If").with(5, new Message().with(6, new Message().with(1, constant)));
            Message function = new Message().with(1, "f").with(10, "own").with(7, constant);
            List<Message> models = List.of(
                    model(graph().with(5, tensor)),
                    model(graph().with(15, new Message().with(1, tensor))),
                    model(graph().with(
                                    15,
                                    new Message().with(1, tensor("s", FLOAT, 0)).with(2, tensor))),
                    model(graph().with(1, constant)),
                    model(graph().with(1, branch)),
                    model(graph().with(
                                    1, new Message().with(5, new Message().with(22, new Message().with(2, tensor))))),
                    model(graph().with(1, new Message().with(5, new Message().with(10, tensor)))),
                    model(graph().with(
                                    1, new Message().with(5, new Message().with(11, new Message().with(5, tensor))))),
                    model(graph(), function),
                    model(graph(), new Message().with(11, new Message().with(5, tensor))),
                    new Message().with(20, new Message().with(2, new Message().with(5, tensor))));

            for (Message model : models) {
                assertRefused(model, Reason.EXTERNAL_DATA, "'w'");
            }
        }
    }

    @Test
    void givenATensorThatCanNotBeServedTheRefusalNamesIt() {
        Message sequence = new Message().with(1, "seq").with(2, new Message().with(4, new Message()));
        Message map = new Message().with(1, "zip").with(2, new Message().with(5, new Message()));
        Message optional = new Message().with(1, "opt").with(2, new Message().with(9, new Message()));
        Message shapeless = new Message().with(1, "any").with(2, new Message().with(1, new Message().with(1, 1)));
        record Case(Message output, String words) {}

        for (Case one : List.of(
                new Case(sequence, "'seq' is a sequence"),
                new Case(map, "'zip' is a map"),
                new Case(optional, "'opt' is optional"),
                new Case(shapeless, "'any' has no shape"),
                new Case(value("c", 14), "'c' has elements of ONNX type 14"),
                new Case(value("y", 1), "'y' is declared twice"),
                new Case(value("a\nb", 1), "printable"),
                new Case(value("r", 1, new long[17]), "'r' has more than 16 dimensions"))) {
            assertRefused(model(graph().with(12, one.output())), Reason.TENSOR, one.words());
        }
    }

    /** What a tensor of a type and shape must carry: {@code field} has so many bytes (raw) or numbers (others). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # type         | shape  | field | there | one less refused
        1 FLOAT        | 2,3    | 9     | 24    | true
        1 FLOAT        | 2,3    | 4     | 6     | true
        1 FLOAT        | 2,0    | 9     | 0     | false
        1 FLOAT        | ''     | 9     | 4     | true
        2 UINT8        | 5      | 9     | 5     | true
        9 BOOL         | 5      | 5     | 5     | true
        7 INT64        | 3      | 7     | 3     | true
        7 INT64        | 3      | 9     | 24    | true
        8 STRING       | 2      | 6     | 2     | true
        10 FLOAT16     | 3      | 5     | 3     | true
        11 DOUBLE      | 3      | 10    | 3     | true
        12 UINT32      | 3      | 11    | 3     | true
        14 COMPLEX64   | 3      | 4     | 6     | true
        15 COMPLEX128  | 3      | 10    | 6     | true
        16 BFLOAT16    | 3      | 9     | 6     | true
        17 FLOAT8      | 3      | 9     | 3     | true
        22 INT4        | 3      | 9     | 2     | true
        22 INT4        | 3      | 5     | 2     | true
        26 INT2        | 5      | 9     | 2     | true
        """)
    void givenATensorItCarriesExactlyWhatItSays(
            String type, String shape, int field, int there, boolean oneLessRefused) {
        int number = Integer.parseInt(type.split(" ")[0]);
        long[] sizes = Stream.of(shape.split(","))
                .filter(size -> !size.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();

        assertThat(read(model(graph().with(5, carrying(number, sizes, field, there))))
                        .outputs())
                .hasSize(1);
        assertRefused(
                model(graph().with(5, carrying(number, sizes, field, there + 1))),
                Reason.WRONG_SIZE,
                "are in the file");
        if (oneLessRefused) {
            assertRefused(
                    model(graph().with(5, carrying(number, sizes, field, there - 1))),
                    Reason.WRONG_SIZE,
                    "are in the file");
        }
    }

    private static Message carrying(int type, long[] shape, int field, int count) {
        Message tensor = tensor("w", type, shape);
        if (field == 9) {
            return tensor.with(9, new byte[count]);
        }
        if (field == 6) {
            for (int i = 0; i < count; i++) {
                tensor.with(6, "text");
            }
            return tensor;
        }
        return tensor.with(field, new byte[count * (field == 4 ? 4 : field == 10 ? 8 : 1)]);
    }
}
