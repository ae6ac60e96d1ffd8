package dev.teal.worker.contain;

import dev.teal.protocol.worker.ExitNote;
import dev.teal.protocol.worker.WorkerExit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker lets the system do to its own process. */
public interface Confinement {
    /** At the start. */
    void begin();

    /** Allocations beyond this fail from now on. @param bytes of private memory that can be written, Java's heap included */
    void limitData(long bytes);

    /** Gives freed memory back. */
    void trim();

    /** Ends the process at once, and leaves word why. */
    void exit(WorkerExit why);

    /**
     * For a process that is a worker and nothing else.
     *
     * @param note where it leaves the reason of its end
     */
    static Confinement ofProcess(ExitNote note) {
        return new OfProcess(note);
    }

    /** For a worker that shares its process: nothing of the process is changed. */
    static Confinement none(Consumer<WorkerExit> exit) {
        return new Confinement() {
            @Override
            public void begin() {}

            @Override
            public void limitData(long bytes) {}

            @Override
            public void trim() {
                Libc.trim();
            }

            @Override
            public void exit(WorkerExit why) {
                exit.accept(why);
            }
        };
    }

    /** Rules of the kernel, which hold whatever the model makes the runtime do. */
    final class OfProcess implements Confinement {
        private static final Logger log = LoggerFactory.getLogger(OfProcess.class);
        private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");

        /** Half of the scale: a worker goes before whatever else the machine needs more. */
        private static final String FIRST_TO_GO = "500";

        private final ExitNote note;

        private OfProcess(ExitNote note) {
            this.note = note;
        }

        @Override
        public void begin() {
            // A core would be as large as the model, and hold what clients sent.
            Libc.limit(Libc.CORE, 0);
            try {
                if (Files.exists(OOM_SCORE)) {
                    Files.writeString(OOM_SCORE, FIRST_TO_GO);
                }
            } catch (IOException e) {
                log.atDebug().addKeyValue("reason", e.getMessage()).log("Score for the kernel's choice not set");
            }
        }

        @Override
        public void limitData(long bytes) {
            if (!Libc.limit(Libc.DATA, bytes)) {
                log.atWarn().addKeyValue("bytes", bytes).log("Memory limit not taken by the system, only watched");
            }
        }

        @Override
        public void trim() {
            Libc.trim();
        }

        @Override
        public void exit(WorkerExit why) {
            note.leave(why);
            Libc.exit(why.code());
        }
    }
}
