package dev.teal.worker.run;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.Outputs;
import dev.teal.worker.run.Examples.Example;
import dev.teal.worker.run.domain.Batch;
import dev.teal.worker.run.domain.BatchTrust;
import dev.teal.worker.run.domain.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that could be computed together while nobody knows yet whether they may: each gets its answer by itself, and then it is tried. All
 * outputs are compared, whoever wanted which: what one client does not ask for must not be mixed for another.
 */
final class Trial {
    /** A trial costs a run more; a few rows show as much as many. */
    static final int MOST_ROWS = 8;

    /** Of outputs that are kept to be compared, in Java's small heap. */
    private static final long MOST_BYTES = 32 << 20;

    private static final Logger log = LoggerFactory.getLogger(Trial.class);

    private final Served served;
    private final Execution execution;

    Trial(Served served, Execution execution) {
        this.served = served;
        this.execution = execution;
    }

    void run(List<Question> questions, TensorAllocator memory) {
        Question first = questions.getFirst();
        long telling = telling(questions.stream().map(Question::inputs).toList());
        Optional<Example> example = telling == 0 ? served.examples().besides(first) : Optional.empty();
        if (telling != 0) {
            tryEachOther(questions, telling, memory);
        } else if (example.isPresent()) {
            Optional<List<Tensor>> alone = execution.shown(first, MOST_BYTES);
            questions.stream().skip(1).forEach(execution::alone);
            alone.ifPresent(outputs -> tryBeside(example.get(), first, outputs, memory));
        } else {
            questions.forEach(execution::alone);
        }
        if (!served.trust().isOpen()) {
            served.examples().clear();
        }
    }

    private void tryEachOther(List<Question> questions, long telling, TensorAllocator memory) {
        List<List<Tensor>> alone = new ArrayList<>();
        for (Question question : questions) {
            execution.shown(question, MOST_BYTES / questions.size()).ifPresent(alone::add);
        }
        // Where one of them is bad by itself, or its outputs are too large to keep, this shows nothing about the others
        if (alone.size() == questions.size()) {
            compare(new Batch(questions.stream().map(Question::inputs).toList()), alone, telling, memory);
        }
    }

    private void tryBeside(Example example, Question question, List<Tensor> outputs, TensorAllocator memory) {
        try (Outputs others = execution.run(example.inputs(), served.model().outputNames(), List.of())) {
            Batch batch = new Batch(List.of(question.inputs(), example.inputs()));
            compare(batch, List.of(outputs, others.tensors()), telling(batch.requests()), memory);
        } catch (OnnxFailure e) {
            served.examples().drop(example);
        }
    }

    /** All of them are answered: what goes wrong here is nobody's error, and a reason not to batch. */
    private void compare(Batch batch, List<List<Tensor>> alone, long telling, TensorAllocator memory) {
        boolean trusted = served.trust().isTrusted();
        try {
            if (!haveRows(batch, alone)) {
                served.trust().refuse();
            } else if (telling(alone) == 0) {
                return;
            } else {
                compareWithTogether(batch, alone, telling, memory);
            }
        } catch (OnnxFailure e) {
            served.trust().refuse();
        } catch (RuntimeException | Error e) {
            served.trust().refuse();
            log.atWarn().setCause(e).log("Batching not tried by an error of the worker");
        }
        tell(trusted);
    }

    private void tell(boolean trustedBefore) {
        boolean trusted = served.trust().isTrusted();
        if (trustedBefore && !trusted) {
            log.atWarn()
                    .log(
                            "Rows were seen to change each other, in batches of a model that was trusted: none are made any"
                                    + " more, and answers of earlier ones may be off; max_batch_size 0 in config.pbtxt forbids"
                                    + " batches from the start");
        } else if (!trustedBefore) {
            log.atInfo()
                    .addKeyValue("trusted", trusted)
                    .addKeyValue("open", served.trust().isOpen())
                    .log("Batching tried");
        }
    }

    private void compareWithTogether(Batch batch, List<List<Tensor>> alone, long telling, TensorAllocator memory)
            throws OnnxFailure {
        try (Outputs outputs =
                execution.run(batch.joined(memory), served.model().outputNames(), List.of())) {
            batch.apart(outputs.tensors())
                    .ifPresentOrElse(
                            together -> served.trust().compare(alone, together, telling), served.trust()::refuse);
        }
    }

    private static boolean haveRows(Batch batch, List<List<Tensor>> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            if (Rows.of(outputs.get(i)) != Rows.of(batch.requests().get(i))) {
                return false;
            }
        }
        return true;
    }

    /** In which tensors they differ: those that are the same in all can't show that rows were mixed, neither as inputs nor as outputs. */
    private static long telling(List<List<Tensor>> requests) {
        long telling = 0;
        for (List<Tensor> tensors : requests) {
            telling |= BatchTrust.telling(requests.getFirst(), tensors);
        }
        return telling;
    }
}
