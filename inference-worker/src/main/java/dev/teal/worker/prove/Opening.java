package dev.teal.worker.prove;

import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerFailure.Code;
import dev.teal.worker.contain.MemoryShortage;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.OnnxSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a model the quickest way that there is: as it was optimised before, or from its file, and then it leaves it optimised for the next. */
final class Opening {
    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    private final Onnx onnx;
    private final @Nullable OptimisedModels optimised;
    private final Assignment assignment;
    private final Path artifact;
    private final int threads;
    private @Nullable Path saved;

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
        if (optimised != null) {
            Path temporary = optimised.temporary(assignment.digest());
            saved = temporary;
            try {
                return onnx.openAndSave(artifact, threads, temporary);
            } catch (OnnxFailure e) {
                // No room for it, or a model that can't be written so: neither says anything against the model.
                log.atDebug()
                        .addKeyValue("reason", e.getMessage())
                        .log("Model not opened so that it is kept optimised");
                forget();
            }
        }
        try {
            return onnx.open(artifact, threads);
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

    /** The model has been proven. In the background: the disk may take its time. */
    void keep() {
        OptimisedModels cache = optimised;
        Path written = saved;
        if (cache != null && written != null) {
            saved = null;
            Thread.ofPlatform().daemon().name("keep").start(() -> {
                try {
                    cache.keep(written, assignment.digest());
                } catch (IOException e) {
                    log.atInfo().addKeyValue("reason", e.getMessage()).log("Optimised model not kept");
                    cache.discard(written);
                }
            });
        }
    }

    /** The model has not been proven. */
    void forget() {
        if (saved != null) {
            discard(saved);
            saved = null;
        }
    }
}
