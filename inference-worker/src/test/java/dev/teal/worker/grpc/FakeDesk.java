package dev.teal.worker.grpc;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.worker.run.Admission;
import dev.teal.worker.run.BodyTooLarge;
import dev.teal.worker.run.Call;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Desk;
import dev.teal.worker.run.Failure;
import dev.teal.worker.run.Head;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A desk whose model answers what it is asked, from memory that counts as the model's until it is given back. */
final class FakeDesk implements Desk, Description, AutoCloseable {
    static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("in", Datatype.FP32, List.of(-1L))),
            List.of(new TensorSpec("out", Datatype.FP32, List.of(-1L))),
            17);

    final Queue<Head> heads = new ConcurrentLinkedQueue<>();
    final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    final Queue<InferenceRequest> requests = new ConcurrentLinkedQueue<>();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();
    final AtomicInteger lost = new AtomicInteger();
    final AtomicInteger unreleased = new AtomicInteger();
    volatile Function<Head, @Nullable Failure> gate = _ -> null;
    volatile Function<InferenceRequest, CompletableFuture<?>> pace = _ -> CompletableFuture.completedFuture(null);
    volatile boolean ready = true;
    private final ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor();

    @Override
    public Admission admit(Head head) {
        heads.add(head);
        Failure refused = gate.apply(head);
        if (refused != null) {
            return new Admission.Refused(refused);
        }
        open.incrementAndGet();
        return new Admission.Admitted() {
            @Override
            public Admission.Target target() {
                return new Admission.Target("sha256:" + "a".repeat(64), SIGNATURE, true, FrontFixture.MOST_BYTES);
            }

            @Override
            public void begin(Call call) {
                calls.add(call);
                call.onEnd(() -> {
                    open.decrementAndGet();
                    if (call.lost()) {
                        lost.incrementAndGet();
                    }
                });
                if (head.deadlineMillis() >= 0) {
                    call.after(
                            head.deadlineMillis(),
                            () -> call.fail(Failure.of(Failure.Kind.DEADLINE_EXCEEDED, "Request timeout expired")));
                }
                runs.execute(() -> run(call));
            }

            @Override
            public void abandon() {
                open.decrementAndGet();
                abandoned.incrementAndGet();
            }
        };
    }

    private void run(Call call) {
        try {
            InferenceRequest request =
                    call.read(bytes -> ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN));
            requests.add(request);
            pace.apply(request).join();
            List<Tensor> outputs = request.inputs().stream()
                    .map(input -> new Tensor("out_" + input.name(), input.datatype(), input.shape(), input.data()))
                    .toList();
            unreleased.incrementAndGet();
            call.answer(request, new InferenceResponse("m", "7", request.id(), outputs), unreleased::decrementAndGet);
        } catch (InvalidInference e) {
            call.fail(Failure.of(Failure.Kind.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
        } catch (BodyTooLarge e) {
            call.fail(Failure.of(Failure.Kind.TOO_LARGE, String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Server server() {
        return new Server("teal", "0.1.0", List.of("statistics", "model_configuration"));
    }

    @Override
    public boolean live() {
        return true;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public Optional<Loaded> loaded() {
        return Optional.of(new Loaded(
                "m",
                "7",
                "sha256:" + "a".repeat(64),
                SIGNATURE,
                ModelConfiguration.of("m", SIGNATURE, ModelConfig.NONE, new RuntimeSettings(1, 2))));
    }

    @Override
    public Optional<ModelStatistics> statistics() {
        return Optional.of(ModelStatistics.none("m", "7"));
    }

    @Override
    public void close() {
        runs.close();
    }
}
