package dev.teal.worker.run;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.Outputs;
import dev.teal.worker.run.domain.BatchTrust;
import dev.teal.worker.run.domain.Rows;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests that could be computed together while nobody knows yet whether they may: each gets its answer by itself, and then it is tried. */
final class Trial {
    /** A trial costs as much again; a few rows show as much as many. */
    static final int MOST_ROWS = 8;

    private static final Logger log = LoggerFactory.getLogger(Trial.class);

    private final Served served;
    private final Execution execution;

    Trial(Served served, Execution execution) {
        this.served = served;
        this.execution = execution;
    }

    void run(List<Question> questions, TensorAllocator memory) {
        questions.forEach(execution::alone);
        Question first = questions.getFirst();
        long telling = 0;
        for (Question question : questions) {
            telling |= BatchTrust.telling(first.inputs(), question.inputs());
        }
        if (telling != 0) {
            tryOut(questions, telling, memory);
            log.atInfo()
                    .addKeyValue("trusted", served.trust().isTrusted())
                    .addKeyValue("open", served.trust().isOpen())
                    .log("Batching tried");
        }
    }

    /** All of them are answered: what goes wrong here is nobody's error, and a reason not to batch. */
    private void tryOut(List<Question> questions, long telling, TensorAllocator memory) {
        try {
            compare(questions, telling, memory);
        } catch (RuntimeException | Error e) {
            served.trust().refuse();
            log.atWarn().setCause(e).log("Batching not tried by an error of the worker");
        }
    }

    /** All outputs, whoever wanted which: what one client does not ask for must not be mixed for another. */
    private void compare(List<Question> questions, long telling, TensorAllocator memory) {
        List<String> all = served.model().outputNames();
        List<List<Tensor>> alone = new ArrayList<>();
        try {
            for (Question question : questions) {
                try (Outputs outputs = execution.run(question.inputs(), all, List.of())) {
                    alone.add(outputs.copies());
                }
            }
        } catch (OnnxFailure e) {
            // One of them is bad by itself: this shows nothing about the others
            return;
        }
        try (Outputs outputs = execution.run(Execution.joined(questions, memory), all, List.of())) {
            List<List<Tensor>> together = new ArrayList<>();
            int rows = questions.stream().mapToInt(Question::rows).sum();
            int from = 0;
            if (Rows.of(outputs.tensors()) != rows) {
                served.trust().refuse();
                return;
            }
            for (Question question : questions) {
                int start = from;
                together.add(outputs.tensors().stream()
                        .map(output -> Rows.cut(output, start, question.rows()))
                        .toList());
                from += question.rows();
            }
            served.trust().compare(alone, together, telling);
        } catch (OnnxFailure e) {
            served.trust().refuse();
        }
    }
}
