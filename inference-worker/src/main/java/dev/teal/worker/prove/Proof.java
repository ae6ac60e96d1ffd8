package dev.teal.worker.prove;

import dev.teal.protocol.oip.GoldenSample;
import dev.teal.protocol.oip.GoldenSamples;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.onnx.OnnxInspection;
import dev.teal.protocol.onnx.OnnxRefused;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.protocol.worker.WorkerMemory;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.worker.contain.Guard;
import dev.teal.worker.contain.ProcessMemory;
import dev.teal.worker.life.Life;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxSession;
import dev.teal.worker.run.Inference;
import dev.teal.worker.run.Meters;
import dev.teal.worker.run.Model;
import dev.teal.worker.run.Served;
import dev.teal.worker.serve.InferenceRoutes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes an assignment to READY, or to FAILED with the reason. One for each assignment; blocks the thread that calls it. */
public final class Proof {
    private static final Logger log = LoggerFactory.getLogger(Proof.class);

    private final Life life;
    private final Onnx onnx;
    private final Inference desk;
    private final Path socket;
    private final String secret;
    private final QueueLimits limits;
    private final Guard guard;
    private final @Nullable OptimisedModels optimised;
    private volatile @Nullable Served loaded;
    private volatile @Nullable OwnSocket asking;

    /**
     * How much may wait for the model.
     *
     * @param bodyBytes of one request, where the endpoint has no limit of its own
     */
    public record QueueLimits(int requests, long bytes, long bodyBytes) {}

    /**
     * @param secret lets the proof's own requests in, see {@link InferenceRoutes#PROOF}
     * @param optimised null to keep none
     */
    public Proof(
            Life life,
            Onnx onnx,
            Inference desk,
            Path socket,
            String secret,
            QueueLimits limits,
            Guard guard,
            @Nullable OptimisedModels optimised) {
        this.life = life;
        this.onnx = onnx;
        this.desk = desk;
        this.socket = socket;
        this.secret = secret;
        this.limits = limits;
        this.guard = guard;
        this.optimised = optimised;
    }

    /** @param begun {@link System#nanoTime()} when the assignment came */
    public void run(Assignment assignment, Meters meters, long begun) {
        Opening opening = new Opening(onnx, optimised, assignment);
        guard.proofBegins(this::cancel);
        try {
            Phases phases = new Phases(begun);
            List<GoldenSample> samples = samples(assignment);
            guard.limitMemory(Path.of(assignment.artifactFile()).toFile().length());
            if (!proveOptimised(opening, assignment, samples, phases, meters)) {
                Path artifact = Path.of(assignment.artifactFile());
                VerifiedFile.require("the artifact", artifact, assignment.digest());
                inspect(artifact);
                phases.end("verify");
                prove(opening::artifact, assignment, samples, phases, meters);
            }
            ready(assignment, phases, meters, samples.size());
            opening.keep(life, guard);
        } catch (Unproven e) {
            fail(e.failure());
        } catch (IOException | RuntimeException | Error e) {
            log.atError().setCause(e).log("Proof ended by an error of the worker");
            fail(new WorkerFailure(Code.WARM_UP_FAILED, "the worker failed while it proved the model"));
        } finally {
            guard.proofEnds();
        }
    }

    /**
     * With the model as it was optimised before, where it was. Whatever is wrong with that may be the optimised file's doing, so it is thrown
     * away, and the artifact itself is asked.
     *
     * @return whether the model is proven by it
     */
    private boolean proveOptimised(
            Opening opening, Assignment assignment, List<GoldenSample> samples, Phases phases, Meters meters)
            throws IOException, Unproven {
        Optional<Path> file = opening.find();
        if (file.isEmpty()) {
            return false;
        }
        phases.end("verify");
        try {
            prove(() -> opening.optimised(file.get()), assignment, samples, phases, meters);
            return true;
        } catch (Unproven e) {
            if (life.state() == WorkerState.FAILED) {
                throw e;
            }
            log.atWarn()
                    .addKeyValue("digest", assignment.digest())
                    .addKeyValue("reason", e.failure().message())
                    .log("Optimised model does not do, thrown away");
            opening.discard(file.get());
            release();
            return false;
        }
    }

    private interface Open {
        OnnxSession session() throws Unproven;
    }

    private void prove(Open open, Assignment assignment, List<GoldenSample> samples, Phases phases, Meters meters)
            throws IOException, Unproven {
        ProcessMemory before = ProcessMemory.now();
        load(open.session(), assignment, meters);
        ProcessMemory afterLoad = ProcessMemory.now();
        phases.end("load");
        advance(WorkerState.WARMING);
        try (OwnSocket own = new OwnSocket(socket, assignment.endpoint(), InferenceRoutes.PROOF + ": " + secret)) {
            asking = own;
            WarmUp.run(own, assignment, samples);
            life.measured(measured(before, afterLoad, ProcessMemory.now()));
            phases.end("warm_up");
            advance(WorkerState.TESTING);
            GoldenTest.run(own, samples);
            phases.end("test");
        }
    }

    /** Frees what it has loaded; nothing may run any more. */
    public void release() {
        Served held = loaded;
        loaded = null;
        if (held != null) {
            held.close();
        }
    }

    /** Its own requests end: they count as those of a client that left. */
    private void cancel() {
        try {
            OwnSocket own = asking;
            if (own != null) {
                own.close();
            }
        } catch (IOException e) {
            log.atDebug().addKeyValue("reason", e.getMessage()).log("Connection of the proof not closed");
        }
    }

    /** What has been ended meanwhile goes no further: nobody would take it for ready, and it would ask in vain. */
    private void advance(WorkerState next) throws Unproven {
        WorkerState reached = life.state();
        boolean again = reached == WorkerState.WARMING || reached == WorkerState.TESTING;
        if (!life.advance(next) && !again) {
            throw new Unproven(Code.WARM_UP_FAILED, "the proof was ended");
        }
    }

    private static WorkerMemory measured(ProcessMemory before, ProcessMemory afterLoad, ProcessMemory afterWarmUp) {
        return new WorkerMemory(
                before.residentBytes(),
                afterLoad.residentBytes(),
                afterWarmUp.residentBytes(),
                before.parts(),
                afterLoad.parts(),
                afterWarmUp.parts());
    }

    private static List<GoldenSample> samples(Assignment assignment) throws Unproven {
        String file = assignment.samplesFile();
        String digest = assignment.samplesDigest();
        if (file == null || digest == null) {
            return List.of();
        }
        try {
            return GoldenSamples.read(VerifiedFile.read("the golden samples' file", Path.of(file), digest));
        } catch (InvalidInference e) {
            throw new Unproven(Code.GOLDEN_FAILED, "the golden samples cannot be read: " + e.getMessage());
        }
    }

    /** A second look, before a runtime written in C++ has the first: whoever put the file here may have passed the registry by. */
    private static void inspect(Path artifact) throws Unproven {
        try {
            OnnxInspection.read(artifact);
        } catch (OnnxRefused e) {
            throw new Unproven(Code.LOAD_FAILED, "the model's file is refused: " + e.getMessage());
        } catch (IOException e) {
            throw new Unproven(Code.FETCH_FAILED, "the artifact cannot be read from the cell's cache");
        }
    }

    private void load(OnnxSession session, Assignment assignment, Meters meters) throws Unproven {
        ModelSignature signature = assignment.signature();
        Optional<String> difference = LoadedSignature.difference(signature, session);
        if (difference.isPresent()) {
            session.close();
            throw new Unproven(Code.SIGNATURE_MISMATCH, difference.get());
        }
        ModelConfig config = Objects.requireNonNullElse(assignment.config(), ModelConfig.NONE);
        Served served = new Served(
                        assignment.digest(),
                        new Model(assignment.endpoint(), assignment.version(), signature, config),
                        session,
                        assignment.runtime(),
                        Served.Settings.of(
                                assignment.runtime(), config, limits.requests(), limits.bytes(), limits.bodyBytes()),
                        meters)
                .start();
        loaded = served;
        desk.serve(served);
    }

    private void ready(Assignment assignment, Phases phases, Meters meters, int samples) {
        ColdStart coldStart = phases.coldStart();
        phases.report(meters);
        if (life.ready(coldStart)) {
            log.atInfo()
                    .addKeyValue("endpoint", assignment.endpoint())
                    .addKeyValue("version", assignment.version())
                    .addKeyValue("digest", assignment.digest())
                    .addKeyValue("goldenSamples", samples)
                    .addKeyValue("coldStart", coldStart)
                    .log("Model ready");
        }
    }

    private void fail(WorkerFailure failure) {
        if (life.fail(failure)) {
            log.atWarn()
                    .addKeyValue("code", failure.code())
                    .addKeyValue("reason", failure.message())
                    .log("Model not proven");
        }
        release();
    }
}
