package dev.teal.worker.prove;

import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.worker.contain.Guard;
import dev.teal.worker.contain.MemoryShortage;
import dev.teal.worker.life.Life;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.OnnxSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a model the quickest way that there is: as it was optimised before, or from its file, and then it makes it optimised for the next. */
final class Opening {
    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    /** So long without a request: then nobody waits for the processor. */
    private static final long CALM_MILLIS = 1_000;

    /** Under steady load, workers that come later need it all the more. */
    private static final long LONGEST_MILLIS = 30_000;

    /** What making it takes, in sizes of the artifact: a session of its own, and the whole that is written. */
    private static final long ROOM = 4;

    private final Onnx onnx;
    private final @Nullable OptimisedModels optimised;
    private final Assignment assignment;
    private final Path artifact;
    private final int threads;
    private boolean fromArtifact;

    Opening(Onnx onnx, @Nullable OptimisedModels optimised, Assignment assignment) {
        this.onnx = onnx;
        this.assignment = assignment;
        this.artifact = Path.of(assignment.artifactFile());
        this.threads = assignment.runtime().threads();
        this.optimised = artifact.toFile().length() < OptimisedModels.SMALLEST_BYTES ? null : optimised;
    }

    Optional<Path> find() {
        return optimised == null ? Optional.empty() : optimised.find(assignment.digest());
    }

    OnnxSession optimised(Path file) throws Unproven {
        try {
            return onnx.openOptimised(file, threads);
        } catch (OnnxFailure e) {
            throw refused(e);
        }
    }

    OnnxSession artifact() throws Unproven {
        try {
            OnnxSession session = onnx.open(artifact, threads);
            fromArtifact = true;
            return session;
        } catch (OnnxFailure e) {
            throw refused(e);
        }
    }

    private static Unproven refused(OnnxFailure e) {
        String message = String.valueOf(e.getMessage());
        return MemoryShortage.isIn(message)
                ? new Unproven(
                        Code.MEMORY_EXCEEDED, "loading the model takes more memory than a worker may have: " + message)
                : new Unproven(Code.LOAD_FAILED, "ONNX Runtime refuses the model: " + message);
    }

    void discard(Path file) {
        if (optimised != null) {
            optimised.discard(file);
        }
    }

    /** The model has been proven. What the next load will find is made in the background: it takes twice as long as a load. */
    void keep(Life life, Guard guard) {
        OptimisedModels cache = optimised;
        if (cache != null && fromArtifact) {
            Thread.ofPlatform().daemon().name("keep").start(() -> {
                try {
                    if (life.awaitCalm(CALM_MILLIS, LONGEST_MILLIS)) {
                        keep(cache, guard);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private void keep(OptimisedModels cache, Guard guard) {
        if (cache.find(assignment.digest()).isPresent()) {
            return; // another worker was quicker
        }
        if (guard.spareBytes() < ROOM * artifact.toFile().length()) {
            log.atInfo().log("Optimised model not kept, there is no memory to make it in");
            return;
        }
        Path written = cache.temporary(assignment.digest());
        try {
            // Once more: between the proof and now it may have been put out of the cache
            VerifiedFile.require("the artifact", artifact, assignment.digest());
            onnx.openAndSave(artifact, 1, written).close();
            cache.keep(written, assignment.digest());
        } catch (OnnxFailure | Unproven | IOException e) {
            // No room for it, or a model that can't be written so: neither says anything against the model.
            log.atInfo().addKeyValue("reason", e.getMessage()).log("Optimised model not kept");
            cache.discard(written);
        } finally {
            guard.trim();
        }
    }
}
