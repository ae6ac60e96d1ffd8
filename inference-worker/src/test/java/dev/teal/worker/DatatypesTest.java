package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every datatype in every way in which it may travel: each answer has the very bits of its question. */
class DatatypesTest {
    private static final EnumSet<Datatype> BINARY_ONLY = EnumSet.of(Datatype.FP16, Datatype.BF16);
    private static final List<Datatype> ALL = List.of(Datatype.values());

    private TestWorker worker;

    @AfterEach
    void stop() throws IOException {
        worker.close();
    }

    private enum Way {
        JSON(false, false),
        BINARY(true, true),
        BINARY_IN(true, false),
        BINARY_OUT(false, true);

        private final boolean in;
        private final boolean out;

        Way(boolean in, boolean out) {
            this.in = in;
            this.out = out;
        }
    }

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void givenAMatrixItComesBackByEachWay(Datatype datatype) throws Exception {
        worker = TestModel.identity(datatype, -1, -1).served();
        for (Way way : Way.values()) {
            if (BINARY_ONLY.contains(datatype) && way != Way.BINARY) {
                continue;
            }
            Cases.forAll(20, random -> {
                Tensor given = RandomTensors.next(random, "x0", datatype, random.nextInt(4), random.nextInt(5));
                InferenceRequest request =
                        new InferenceRequest("id", Schedule.NONE, List.of(given), List.of(), way.out);

                InferenceResponse response = Asked.answer(Asked.infer(worker, Asked.body(request, way.in)));

                assertThat(response.id()).isEqualTo("id");
                assertSame(given, response.outputs().getFirst(), way.toString());
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void givenARawBodyItIsTheInputAndComesBackBinary(Datatype datatype) throws Exception {
        worker = TestModel.identity(datatype, -1, -1).served();
        Cases.forAll(20, random -> {
            int elements = datatype == Datatype.BYTES ? 1 : random.nextInt(9);
            Tensor given = RandomTensors.next(random, "x0", datatype, 1, elements);
            byte[] bytes = given.data().array();
            byte[] body = datatype == Datatype.BYTES ? Arrays.copyOfRange(bytes, 4, bytes.length) : bytes;

            UnixHttp.Response response = worker.infer(body, "Inference-Header-Content-Length: 0");

            assertThat(response.header("Inference-Header-Content-Length")).isPresent();
            assertSame(given, Asked.answer(response).outputs().getFirst(), "raw");
        });
    }

    @Test
    void scalarsOfAllDatatypesPassThroughBinaryAndMixed() throws Exception {
        worker = TestModel.identity(ALL).served();
        Cases.forAll(60, random -> {
            List<Tensor> inputs = new ArrayList<>();
            List<RequestedOutput> outputs = new ArrayList<>();
            boolean[] binary = new boolean[ALL.size()];
            for (int i = 0; i < ALL.size(); i++) {
                Datatype datatype = ALL.get(i);
                inputs.add(RandomTensors.next(random, "x" + i, datatype, new long[0]));
                binary[i] = BINARY_ONLY.contains(datatype) || random.nextBoolean();
                boolean binaryOut = BINARY_ONLY.contains(datatype) || random.nextBoolean();
                outputs.add(new RequestedOutput("y" + i, binaryOut, 0));
            }
            InferenceRequest request = new InferenceRequest(null, Schedule.NONE, inputs, outputs, random.nextBoolean());

            List<Tensor> made = Asked.answer(Asked.infer(worker, Asked.body(request, binary)))
                    .outputs();

            for (int i = 0; i < ALL.size(); i++) {
                assertThat(made.get(i).shape()).isEmpty();
                assertSame(inputs.get(i), made.get(i), ALL.get(i).toString());
            }
        });
    }

    @Test
    void bytesAreNoTextAndComeBackAsTheyAreOrAreRefusedAsJson() throws Exception {
        worker = TestModel.identity(Datatype.BYTES, -1).served();
        byte[] bytes = {(byte) 0xff, 0, (byte) 0xc0, (byte) 0x80};
        ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(bytes.length).put(bytes).putInt(0).flip();
        Tensor given = new Tensor("x0", Datatype.BYTES, new long[] {2}, data);

        InferenceRequest binary = new InferenceRequest(null, Schedule.NONE, List.of(given), List.of(), true);
        assertSame(
                given,
                Asked.answer(Asked.infer(worker, Asked.body(binary, true)))
                        .outputs()
                        .getFirst(),
                "binary");

        InferenceRequest text = new InferenceRequest(null, List.of(given), List.of());
        UnixHttp.Response refused = Asked.infer(worker, Asked.body(text, true));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(Asked.error(refused)).contains("UTF-8").contains("y0");
    }

    @Test
    void anyTextPassesThroughJson() throws Exception {
        worker = TestModel.identity(Datatype.BYTES, -1).served();
        String json = "{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"BYTES\",\"shape\":[5],"
                + "\"data\":[\"\\u0000\",\"\\ud83d\\ude00😀\",\"\",\"\\\"\\\\/\\n\",\"é\\u00e9\"]}]}";

        Tensor made = Asked.answer(worker.infer(json.getBytes(StandardCharsets.UTF_8)))
                .outputs()
                .getFirst();

        assertThat(made)
                .isEqualTo(new Tensor(
                        "y0",
                        Datatype.BYTES,
                        new long[] {5},
                        ExampleRows.strings("x0", List.of("\0", "😀😀", "", "\"\\/\n", "éé"))
                                .data()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Datatype.class,
            names = {"FP16", "BF16"})
    void halfFloatsAreRefusedInJsonInBothDirections(Datatype datatype) throws Exception {
        worker = TestModel.identity(datatype, -1).served();

        UnixHttp.Response received = worker.infer(
                ("{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"" + datatype + "\",\"shape\":[1],\"data\":[1.5]}]}")
                        .getBytes());
        assertThat(received.status()).isEqualTo(400);
        assertThat(Asked.error(received))
                .startsWith(
                        "receiving " + datatype + " data via JSON is not supported. Please use the binary data format");

        Asked.Body binary = Asked.body(
                "{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"" + datatype
                        + "\",\"shape\":[1],\"parameters\":{\"binary_data_size\":2}}]}",
                (byte) 1,
                (byte) 2);
        UnixHttp.Response sent = Asked.infer(worker, binary);
        assertThat(sent.status()).isEqualTo(400);
        assertThat(Asked.error(sent))
                .startsWith(
                        "sending " + datatype + " data via JSON is not supported. Please use the binary data format");
    }

    @Test
    void notANumberAndTheInfinitiesPassThroughJson() throws Exception {
        worker = TestModel.identity(List.of(Datatype.FP32, Datatype.FP64), -1).served();
        String json =
                "{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"FP32\",\"shape\":[3],\"data\":[NaN,Infinity,-Infinity]},"
                        + "{\"name\":\"x1\",\"datatype\":\"FP64\",\"shape\":[3],\"data\":[NaN,Infinity,-Infinity]}]}";

        UnixHttp.Response response = worker.infer(json.getBytes());

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).containsSubsequence("[NaN,Infinity,-Infinity]", "[NaN,Infinity,-Infinity]");
    }

    private static void assertSame(Tensor given, Tensor made, String way) {
        assertThat(made.datatype()).as(way).isEqualTo(given.datatype());
        assertThat(made.shape()).as(way).isEqualTo(given.shape());
        assertThat(made.data()).as(way).isEqualTo(given.data());
    }
}
