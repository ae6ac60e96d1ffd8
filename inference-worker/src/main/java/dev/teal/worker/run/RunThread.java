package dev.teal.worker.run;

import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.onnx.NativeMemory;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.Runner;
import dev.teal.worker.run.domain.RowShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs from the line as long as there are some: those of one row shape together, as many as pay, without waiting for more unless the
 * endpoint asks for that.
 */
final class RunThread implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(RunThread.class);

    /** What is joined for one run is copied: this bounds the copy. */
    private static final long MOST_BYTES = 64L << 20;

    /** What ends while it is read (a bad request, a known answer) makes no batch larger; the first must not wait for ever for such. */
    private static final int MOST_READ = 256;

    /** Batches; then one is tried again, at a cost of some runs in this many. */
    private static final int LOOK_AGAIN_AFTER = 256;

    private final Served served;
    private final Reading reading;

    /** What is read for a batch lies in one, what was read ahead for the next in the other. */
    private NativeMemory memory = new NativeMemory();

    private NativeMemory ahead = new NativeMemory();

    /** Read, but of another shape than the batch before it. */
    private @Nullable Question next;

    /** Since one was tried. */
    private int batches;

    RunThread(Served served) {
        this.served = served;
        this.reading = new Reading(served);
    }

    @Override
    public void run() {
        try (NativeMemory first = memory;
                NativeMemory second = ahead;
                Runner runner = served.session().runner()) {
            Execution execution =
                    new Execution(served, runner, address -> first.holds(address) || second.holds(address));
            Trial trial = new Trial(served, execution);
            while (turn(execution, trial)) {
                NativeMemory free = ahead;
                ahead = memory;
                memory = free;
            }
        } catch (OnnxFailure | InterruptedException e) {
            log.atError().setCause(e).log("Run thread ended by an error");
        }
    }

    /** One batch. @return false at the end */
    private boolean turn(Execution execution, Trial trial) throws InterruptedException {
        memory.reset();
        Question first = next;
        next = null;
        if (first == null) {
            Job job = served.queue().take();
            if (job == null) {
                return false;
            }
            first = reading.read(job, memory);
        }
        if (first != null) {
            List<Question> batch = new ArrayList<>(List.of(first));
            long begun = System.nanoTime();
            try {
                boolean lookAgain = isToBeSeenAgain();
                gather(batch, lookAgain ? Trial.MOST_ROWS : Integer.MAX_VALUE);
                // Waiting for more rows is no work: who comes meanwhile does not wait for it
                begun = System.nanoTime()
                        - batch.stream().mapToLong(Question::readNanos).sum();
                if (batch.size() == 1) {
                    execution.alone(first);
                    if (first.job().proof() && served.trust().isOpen()) {
                        served.examples().keep(first);
                    }
                } else if (!lookAgain && isCovered(batch)) {
                    execution.together(batch, memory);
                    batches++;
                } else {
                    trial.run(batch, memory);
                    batches = 0;
                }
            } catch (RuntimeException | Error e) {
                batch.forEach(question -> Answering.broken(question, e));
            } finally {
                for (Question question : batch) {
                    question.job().done();
                    served.queue().finished(question.job());
                }
                served.took(System.nanoTime() - begun, batch.size());
            }
        }
        return true;
    }

    private boolean isToBeSeenAgain() {
        return batches >= LOOK_AGAIN_AFTER && served.trust().isBySight();
    }

    private boolean isCovered(List<Question> batch) {
        List<Tensor> first = batch.getFirst().inputs();
        return batch.stream().allMatch(question -> served.trust().covers(first, question.inputs()));
    }

    /** Adds those that may be computed together with the first. @param mostRows where the model is trusted */
    private void gather(List<Question> batch, int mostRows) throws InterruptedException {
        Question first = batch.getFirst();
        boolean trusted = served.trust().isTrusted();
        RowShape shape = first.shape();
        // The worker's own come one after the other: no more is to be waited for
        if (shape == null || first.job().proof() || !(trusted || served.trust().isOpen())) {
            return;
        }
        int limit = trusted
                ? Math.min(served.limit(shape), mostRows)
                : (int) Math.min(
                        Math.max(Trial.MOST_ROWS, 2L * first.rows()),
                        served.settings().maxRows());
        long until = Math.min(
                RunQueue.soon(served.settings().maxDelayMicros()), first.job().latestStart());
        long rows = first.rows();
        long bytes = first.bytes();
        for (int read = 1; rows < limit && next == null && read < MOST_READ; read++) {
            Job job = served.queue().poll(until);
            if (job == null) {
                break;
            }
            Question question = reading.read(job, memory);
            if (question == null) {
                continue;
            }
            rows += question.rows();
            bytes += question.bytes();
            if (shape.equals(question.shape()) && rows <= limit && bytes <= MOST_BYTES) {
                batch.add(question);
                until = Math.min(until, question.job().latestStart());
            } else {
                next = question;
            }
        }
    }
}
