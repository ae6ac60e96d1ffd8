package dev.teal.worker.prove;

import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.GoldenSamples;
import dev.teal.protocol.oip.InferenceJson;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.worker.life.Life;
import dev.teal.worker.onnx.IdentityModel;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.OnnxSession;
import dev.teal.worker.serve.InferenceRoutes;
import dev.teal.worker.serve.Meters;
import dev.teal.worker.serve.Model;
import dev.teal.worker.serve.RunQueue;
import dev.teal.worker.serve.Serving;
import dev.teal.worker.serve.UnixServer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
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
        InferenceRoutes routes = new InferenceRoutes(life, NAME);
        life.advance(WorkerState.UNASSIGNED);
        life.assign(assignment);
        life.advance(WorkerState.WARMING);
        try (OnnxSession session = onnx.open(identity.bytes(), 1);
                RunQueue queue = new RunQueue(1, 16, 1 << 20);
                UnixServer _ = UnixServer.bind(loop, socket, 1 << 20, routes)) {
            routes.serve(
                    new Serving(assignment.digest(), new Model(NAME, "1", identity.signature(), session), queue),
                    meters);
            ask();
        }
        meters.scrape();
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

    private void ask() throws IOException {
        StringBuilder inputs = new StringBuilder();
        for (Datatype datatype : DATATYPES) {
            String element = datatype == Datatype.BYTES ? "\"é\"" : datatype == Datatype.FP32 ? "-0.12345" : "1234567";
            inputs.append(inputs.isEmpty() ? "" : ",")
                    .append("{\"name\":\"")
                    .append(IdentityModel.input(datatype))
                    .append("\",\"datatype\":\"")
                    .append(datatype)
                    .append("\",\"shape\":[16],\"data\":[")
                    .append((element + ",").repeat(15))
                    .append(element)
                    .append("]}");
        }
        byte[] body = ("{\"inputs\":[" + inputs + "]}").getBytes(StandardCharsets.UTF_8);
        long begun = System.nanoTime();
        try (OwnSocket own = new OwnSocket(socket, NAME, InferenceRoutes.PROOF + ": " + NAME)) {
            for (int i = 0;
                    i < MAX_REQUESTS && System.nanoTime() - begun < BUDGET_NANOS && wanted.getAsBoolean();
                    i++) {
                InferenceJson.readResponse(own.infer(body).body());
            }
        }
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
