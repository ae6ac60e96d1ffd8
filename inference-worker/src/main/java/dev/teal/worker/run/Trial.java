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
        boolean telling = questions.stream().anyMatch(question -> BatchTrust.differ(first.inputs(), question.inputs()));
        if (telling) {
            compare(questions, memory);
            log.atInfo()
                    .addKeyValue("trusted", served.trust().isTrusted())
                    .addKeyValue("open", served.trust().isOpen())
                    .log("Batching tried");
        }
    }

    /** All outputs, whoever wanted which: what one client does not ask for must not be mixed for another. */
    private void compare(List<Question> questions, TensorAllocator memory) {
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
            served.trust().compare(alone, together);
        } catch (OnnxFailure e) {
            served.trust().refuse();
        }
    }
}
