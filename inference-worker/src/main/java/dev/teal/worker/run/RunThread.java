package dev.teal.worker.run;

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

    private final Served served;
    private final Reading reading;

    /** What is read for a batch lies in one, what was read ahead for the next in the other. */
    private NativeMemory memory = new NativeMemory();

    private NativeMemory ahead = new NativeMemory();

    /** Read, but of another shape than the batch before it. */
    private @Nullable Question next;

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
            long begun = System.nanoTime();
            List<Question> batch = gather(first);
            try {
                if (batch.size() == 1) {
                    execution.alone(first);
                } else if (served.trust().isTrusted()) {
                    execution.together(batch, memory);
                } else {
                    trial.run(batch, memory);
                }
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

    private List<Question> gather(Question first) throws InterruptedException {
        boolean trusted = served.trust().isTrusted();
        RowShape shape = first.shape();
        if (shape == null || !(trusted || served.trust().isOpen())) {
            return List.of(first);
        }
        int limit = trusted
                ? served.limit(shape)
                : Math.min(Trial.MOST_ROWS, served.settings().maxRows());
        List<Question> batch = new ArrayList<>();
        batch.add(first);
        long until = RunQueue.soon(served.settings().maxDelayMicros());
        int rows = first.rows();
        while (rows < limit && next == null) {
            Job job = served.queue().poll(until);
            if (job == null) {
                break;
            }
            Question question = reading.read(job, memory);
            if (question == null) {
                continue;
            }
            if (shape.equals(question.shape()) && rows + question.rows() <= limit) {
                batch.add(question);
                rows += question.rows();
            } else {
                next = question;
            }
        }
        return batch;
    }
}
