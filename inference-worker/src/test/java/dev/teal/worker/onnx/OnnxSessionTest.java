package dev.teal.worker.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxSessionTest {
    private static Onnx onnx;

    @BeforeAll
    static void start() throws Exception {
        onnx = Onnx.start(null);
    }

    @Test
    void theLibraryIsTheOneThatTheTableIsOf() {
        assertThat(onnx.version()).isEqualTo("1.29.0");
    }

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void aModelGetsAndGivesEveryBitOfEveryDatatype(Datatype datatype) throws Exception {
        IdentityModel model = new IdentityModel(datatype);
        try (OnnxSession session = onnx.open(model.bytes(), 1)) {
            assertThat(session.inputs()).isEqualTo(model.signature().inputs());
            assertThat(session.outputs()).isEqualTo(model.signature().outputs());

            Cases.forAll(200, random -> {
                Tensor given = RandomTensors.next(random, IdentityModel.input(datatype), datatype, random.nextInt(20));

                Tensor made = session.run(List.of(given), List.of(IdentityModel.output(datatype)), new RunControl())
                        .getFirst();

                assertThat(made.datatype()).isEqualTo(datatype);
                assertThat(made.shape()).isEqualTo(given.shape());
                assertThat(made.data()).isEqualTo(given.data());
            });
        }
    }

    @Test
    void stringsNeedNotBeText() throws Exception {
        byte[] bytes = {(byte) 0xff, 0, (byte) 0xc0, (byte) 0x80, 'a'};
        ByteBuffer data = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(bytes.length).put(bytes).flip();
        Tensor given = new Tensor(IdentityModel.input(Datatype.BYTES), Datatype.BYTES, new long[] {1}, data);
        try (OnnxSession session = onnx.open(new IdentityModel(Datatype.BYTES).bytes(), 1)) {
            Tensor made = session.run(List.of(given), List.of(IdentityModel.output(Datatype.BYTES)), new RunControl())
                    .getFirst();

            assertThat(made.data()).isEqualTo(data);
        }
    }

    @Test
    void onlyTheOutputsWantedComeBackInTheirOrder() throws Exception {
        try (OnnxSession session =
                onnx.open(new IdentityModel(Datatype.INT8, Datatype.UINT64, Datatype.BOOL).bytes(), 1)) {
            Cases.forAll(1, random -> {
                List<Tensor> given = List.of(
                        RandomTensors.next(random, IdentityModel.input(Datatype.BOOL), Datatype.BOOL, 3),
                        RandomTensors.next(random, IdentityModel.input(Datatype.INT8), Datatype.INT8, 4),
                        RandomTensors.next(random, IdentityModel.input(Datatype.UINT64), Datatype.UINT64, 5));

                List<Tensor> made = session.run(given, List.of("out_UINT64", "out_INT8"), new RunControl());

                assertThat(made).extracting(Tensor::name).containsExactly("out_UINT64", "out_INT8");
                assertThat(made.get(0).data()).isEqualTo(given.get(2).data());
                assertThat(made.get(1).data()).isEqualTo(given.get(1).data());
            });
        }
    }

    @Test
    void aModelThatIsNoneIsRefusedWithoutPaths() {
        Path corrupt = Path.of(
                System.getProperty("teal.root"), "examples", "models", "fraud-detection", "bad", "corrupt.onnx");

        assertThatThrownBy(() -> onnx.open(corrupt, 1))
                .isInstanceOf(OnnxFailure.class)
                .message()
                .contains("failed")
                .doesNotContain("corrupt.onnx")
                .doesNotContain(System.getProperty("teal.root"));
        assertThatThrownBy(() -> onnx.open("nonsense".getBytes(StandardCharsets.UTF_8), 1))
                .isInstanceOf(OnnxFailure.class);
    }

    @Test
    void aRunThatIsEndedBeforeItBeginsDoesNotBegin() throws Exception {
        RunControl control = new RunControl();
        control.terminate();
        try (OnnxSession session = onnx.open(new IdentityModel(Datatype.FP32).bytes(), 1)) {
            assertThatThrownBy(() -> session.run(List.of(), List.of(), control))
                    .hasMessageContaining("before it began");
        }
    }

    @Test
    void aSessionClosedUnderRunsGoesWithTheLastOfThem() throws Exception {
        OnnxSession session = onnx.open(new IdentityModel(Datatype.BYTES).bytes(), 1);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> runs = List.of(
                    threads.submit(() -> runUntilClosed(session, begun)),
                    threads.submit(() -> runUntilClosed(session, begun)),
                    threads.submit(() -> runUntilClosed(session, begun)));
            begun.join();

            session.close();

            for (Future<?> run : runs) {
                run.get();
            }
        }
    }

    private static void runUntilClosed(OnnxSession session, CompletableFuture<Void> begun) {
        RandomGenerator random = RandomGenerator.getDefault();
        while (true) {
            Tensor given = RandomTensors.next(random, "in_BYTES", Datatype.BYTES, 9);
            try {
                session.run(List.of(given), List.of("out_BYTES"), new RunControl());
                begun.complete(null);
            } catch (OnnxFailure unloaded) {
                assertThat(unloaded).hasMessageContaining("unloaded");
                return;
            }
        }
    }

    @Test
    void memoryStaysFlatOverManyRunsOfRandomShapes() throws Throwable {
        try (OnnxSession session = onnx.open(new IdentityModel(Datatype.BYTES, Datatype.FP32).bytes(), 1)) {
            Cases.forAll(20_000, random -> anyRun(session, random));
            long before = nativeBytes();

            Cases.forAll(60_000, random -> anyRun(session, random));

            // One value leaked in each run is above this; what the compiler takes meanwhile is below.
            assertThat(nativeBytes() - before).isLessThan(60_000 * 170L);
        }
    }

    private static void anyRun(OnnxSession session, RandomGenerator random) throws Exception {
        Tensor text = RandomTensors.next(random, "in_BYTES", Datatype.BYTES, random.nextInt(30));
        Tensor numbers = RandomTensors.next(random, "in_FP32", Datatype.FP32, random.nextInt(300));
        session.run(List.of(text, numbers), List.of("out_BYTES", "out_FP32"), new RunControl());
    }

    /** What the C library's allocator has given out: the runtime's values are there, and Java's heap is not. */
    private static long nativeBytes() throws Throwable {
        MemoryLayout mallinfo2 = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle call = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("mallinfo2"),
                    FunctionDescriptor.of(MemoryLayout.structLayout(mallinfo2)));
            MemorySegment info = (MemorySegment) call.invokeExact((SegmentAllocator) arena);
            long mapped = info.getAtIndex(ValueLayout.JAVA_LONG, 4);
            long used = info.getAtIndex(ValueLayout.JAVA_LONG, 7);
            return mapped + used;
        }
    }
}
