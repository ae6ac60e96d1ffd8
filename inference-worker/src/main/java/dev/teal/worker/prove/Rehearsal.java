package dev.teal.worker.prove;

import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.GoldenSamples;
import dev.teal.protocol.oip.InferenceCodec;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.onnx.OnnxInspection;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.worker.life.Life;
import dev.teal.worker.onnx.IdentityModel;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.OnnxSession;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Inference;
import dev.teal.worker.run.Meters;
import dev.teal.worker.run.Model;
import dev.teal.worker.run.SelfDescription;
import dev.teal.worker.run.Served;
import dev.teal.worker.serve.InferenceRoutes;
import dev.teal.worker.serve.ProtocolRoutes;
import dev.teal.worker.serve.UnixServer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What a worker does while it waits in the pool: it serves itself a model that gives back what it gets, on a socket of its own and by the
 * whole way of a request, until that way is compiled. A wake then finds it warm. It stops as soon as an assignment comes.
 */
public final class Rehearsal {
    private static final Datatype[] DATATYPES = {Datatype.FP32, Datatype.INT64, Datatype.BYTES};
    private static final long BUDGET_NANOS = 400_000_000;
    private static final int MAX_REQUESTS = 3_000;
    private static final int HASHED_PARTS = 200;
    private static final int ELEMENTS = 16;
    private static final String NAME = "rehearsal";

    private final Onnx onnx;
    private final EventLoopGroup loop;
    private final Path socket;
    private final BooleanSupplier wanted;

    /** @param wanted whether the worker still waits */
    public Rehearsal(Onnx onnx, EventLoopGroup loop, Path socket, BooleanSupplier wanted) {
        this.onnx = onnx;
        this.loop = loop;
        this.socket = socket;
        this.wanted = wanted;
    }

    public void run() throws IOException, OnnxFailure {
        IdentityModel identity = new IdentityModel(DATATYPES);
        Assignment assignment = assignment(identity);
        Meters meters = new Meters(Json.MAPPER.readValue(Json.MAPPER.writeValueAsBytes(assignment), Assignment.class));
        Life life = new Life(NAME, System::nanoTime);
        Inference desk = new Inference(life, NAME);
        Description description = new SelfDescription(life, desk, new Description.Server(NAME, NAME, List.of()));
        life.advance(WorkerState.UNASSIGNED);
        life.assign(assignment);
        life.advance(WorkerState.WARMING);
        Model model = new Model(NAME, "1", identity.signature(), ModelConfig.NONE);
        Served.Settings settings = Served.Settings.of(assignment.runtime(), ModelConfig.NONE, 16, 1 << 20, 1 << 20);
        OnnxSession session = onnx.open(identity.bytes(), 1);
        try (Served served = new Served(assignment.digest(), model, session, assignment.runtime(), settings, meters)
                        .start();
                UnixServer _ = UnixServer.bind(loop, socket, new ProtocolRoutes(description, desk))) {
            desk.serve(served);
            ask(identity);
        }
        meters.scrape();
        OnnxInspection.read(MemorySegment.ofArray(identity.bytes()));
        GoldenSamples.read("[]".getBytes(StandardCharsets.US_ASCII));
        hash();
    }

    private static Assignment assignment(IdentityModel identity) {
        return new Assignment(
                NAME,
                NAME,
                Color.BLUE,
                NAME,
                "1",
                "sha256:",
                "none",
                null,
                null,
                identity.signature(),
                new RuntimeSettings(1, 1));
    }

    /** Both encodings in turn, as most clients ask and as most of what is large is asked. */
    private void ask(IdentityModel identity) throws IOException {
        List<Tensor> inputs = identity.signature().inputs().stream()
                .map(input -> new Tensor(input.name(), input.datatype(), new long[] {ELEMENTS}, elements(input)))
                .toList();
        OwnRequest[] requests = {OwnRequest.json(inputs), OwnRequest.binary(inputs, List.of())};
        long begun = System.nanoTime();
        try (OwnSocket own = new OwnSocket(socket, NAME, InferenceRoutes.PROOF + ": " + NAME)) {
            for (int i = 0;
                    i < MAX_REQUESTS && System.nanoTime() - begun < BUDGET_NANOS && wanted.getAsBoolean();
                    i++) {
                OwnSocket.Answer answer = own.infer(requests[i % requests.length]);
                InferenceCodec.readResponse(RequestBody.of(answer.body()), answer.jsonBytes(), TensorAllocator.HEAP);
            }
        }
    }

    private static ByteBuffer elements(TensorSpec input) {
        ByteBuffer data = ByteBuffer.allocate(ELEMENTS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ELEMENTS; i++) {
            switch (input.datatype()) {
                case FP32 -> data.putFloat(-0.12345f * i);
                case INT64 -> data.putLong(1_234_567L * i);
                default -> data.putInt(2).put((byte) 0xc3).put((byte) 0xa9);
            }
        }
        return data.flip();
    }

    /** A large artifact is hashed at a tenth of the speed by code that is not compiled. */
    private void hash() {
        MessageDigest sha256 = Digests.sha256();
        byte[] part = new byte[VerifiedFile.PART_BYTES];
        for (int i = 0; i < HASHED_PARTS && wanted.getAsBoolean(); i++) {
            sha256.update(part, 0, part.length);
        }
    }
}
