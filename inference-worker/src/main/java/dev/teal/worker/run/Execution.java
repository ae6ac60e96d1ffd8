package dev.teal.worker.run;

import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.Outputs;
import dev.teal.worker.onnx.Runner;
import dev.teal.worker.run.Failure.Kind;
import dev.teal.worker.run.domain.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes questions, one or several in one run, and answers them. Of one run thread. */
final class Execution {
    private static final Logger log = LoggerFactory.getLogger(Execution.class);

    private final Served served;
    private final Runner runner;
    private final LongPredicate borrowed;

    /** @param borrowed see {@link Runner#run} */
    Execution(Served served, Runner runner, LongPredicate borrowed) {
        this.served = served;
        this.runner = runner;
        this.borrowed = borrowed;
    }

    static List<Tensor> asAsked(Model model, InferenceRequest request, List<Tensor> outputs) {
        List<Tensor> asked = new ArrayList<>(outputs.size());
        for (Tensor output : outputs) {
            asked.add(model.asAsked(request, output));
        }
        return asked;
    }

    /** One by itself, in parts where it has more rows than a run may have. */
    void alone(Question question) {
        try {
            int maxRows = served.settings().maxRows();
            if (question.shape() != null
                    && question.rows() > maxRows
                    && served.trust().covers(question.inputs(), question.inputs())) {
                inParts(question, maxRows);
            } else {
                long begun = System.nanoTime();
                Outputs outputs = run(question.inputs(), question.wanted(), List.of(question));
                long ran = System.nanoTime() - begun;
                learn(question, question.rows(), ran);
                long written = answer(question, outputs.tensors(), ran, outputs::close);
                ran(question, question.rows(), question.readNanos(), ran, written);
            }
        } catch (OnnxFailure e) {
            failed(question, e);
        } catch (RuntimeException | Error e) {
            broken(question, e);
        }
    }

    /** The worker's own are not counted: clients take the rows of batches for theirs. */
    private void ran(Question question, int rows, long inputNanos, long inferNanos, long outputNanos) {
        if (!question.job().proof()) {
            served.ran(rows, inputNanos, inferNanos, outputNanos);
        }
    }

    private void learn(Question question, int rows, long nanos) {
        if (question.shape() != null) {
            served.learn(question.shape(), rows, nanos);
        }
    }

    private void inParts(Question question, int maxRows) throws OnnxFailure {
        List<List<Tensor>> parts = new ArrayList<>();
        long ran = 0;
        for (int from = 0; from < question.rows(); from += maxRows) {
            int first = from;
            int rows = Math.min(maxRows, question.rows() - from);
            List<Tensor> inputs = question.inputs().stream()
                    .map(input -> Rows.cut(input, first, rows))
                    .toList();
            long begun = System.nanoTime();
            try (Outputs outputs = run(inputs, question.wanted(), List.of(question))) {
                if (Rows.of(outputs.tensors()) != rows) {
                    served.trust().refuse();
                    break;
                }
                long nanos = System.nanoTime() - begun;
                ran(question, rows, 0, nanos, 0);
                ran += nanos;
                parts.add(outputs.copies());
            }
        }
        if (!served.trust().isTrusted()) {
            alone(question);
            return;
        }
        List<Tensor> whole = new ArrayList<>();
        for (int output = 0; output < question.wanted().size(); output++) {
            int index = output;
            whole.add(Rows.join(parts.stream().map(part -> part.get(index)).toList(), TensorAllocator.HEAP));
        }
        answer(question, whole, ran, () -> {});
    }

    /** Several of one row shape in one run. If that fails, each by itself: one bad row must not fail its neighbours. */
    void together(List<Question> questions, TensorAllocator memory) {
        try {
            long begun = System.nanoTime();
            List<String> wanted = union(questions);
            List<Tensor> inputs = joined(questions, memory);
            long joined = System.nanoTime();
            Outputs outputs = run(inputs, wanted, questions);
            long ran = System.nanoTime() - joined;
            int rows = questions.stream().mapToInt(Question::rows).sum();
            if (Rows.of(outputs.tensors()) != rows) {
                outputs.close();
                served.trust().refuse();
                questions.forEach(this::alone);
                return;
            }
            learn(questions.getFirst(), rows, ran);
            List<Runnable> releases = shares(outputs, questions.size());
            int from = 0;
            for (int i = 0; i < questions.size(); i++) {
                Question question = questions.get(i);
                try {
                    answer(question, own(question, wanted, outputs.tensors(), from), ran, releases.get(i));
                } catch (RuntimeException | Error e) {
                    broken(question, e);
                }
                from += question.rows();
            }
            ran(questions.getFirst(), rows, joined - begun, ran, System.nanoTime() - joined - ran);
        } catch (OnnxFailure e) {
            questions.forEach(this::alone);
        } catch (RuntimeException | Error e) {
            questions.forEach(question -> broken(question, e));
        }
    }

    private List<String> union(List<Question> questions) {
        List<String> first = questions.getFirst().wanted();
        if (questions.stream().allMatch(question -> question.wanted().equals(first))) {
            return first;
        }
        return served.model().outputNames().stream()
                .filter(name -> questions.stream()
                        .anyMatch(question -> question.wanted().contains(name)))
                .toList();
    }

    static List<Tensor> joined(List<Question> questions, TensorAllocator memory) {
        List<Tensor> inputs = new ArrayList<>();
        for (int input = 0; input < questions.getFirst().inputs().size(); input++) {
            List<Tensor> parts = new ArrayList<>(questions.size());
            for (Question question : questions) {
                parts.add(question.inputs().get(input));
            }
            inputs.add(Rows.join(parts, memory));
        }
        return inputs;
    }

    static List<Tensor> own(Question question, List<String> wanted, List<Tensor> outputs, int from) {
        List<Tensor> own = new ArrayList<>(question.wanted().size());
        for (int i = 0; i < wanted.size(); i++) {
            if (question.wanted().contains(wanted.get(i))) {
                own.add(Rows.cut(outputs.get(i), from, question.rows()));
            }
        }
        return own;
    }

    private static List<Runnable> shares(Outputs outputs, int count) {
        AtomicInteger left = new AtomicInteger(count);
        List<Runnable> shares = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            AtomicBoolean given = new AtomicBoolean();
            shares.add(() -> {
                if (given.compareAndSet(false, true) && left.decrementAndGet() == 0) {
                    outputs.close();
                }
            });
        }
        return shares;
    }

    /** @param waiting who the run is for: it is ended when all of them have left */
    Outputs run(List<Tensor> inputs, List<String> wanted, List<Question> waiting) throws OnnxFailure {
        Running running = new Running(waiting.size());
        waiting.forEach(question -> question.job().joins(running));
        try {
            return runner.run(inputs, wanted, running.control(), borrowed);
        } finally {
            waiting.forEach(question -> question.job().left());
        }
    }

    /** @param release is run in any case. @return nanoseconds that writing took */
    private long answer(Question question, List<Tensor> outputs, long ranNanos, Runnable release) {
        Model model = served.model();
        long begun = System.nanoTime();
        boolean handedOver = false;
        try {
            ResponseCache cache = served.cache();
            if (cache != null && question.cacheKey() != null) {
                cache.put(question.cacheKey(), outputs);
            }
            InferenceResponse response = new InferenceResponse(
                    model.name(),
                    model.version(),
                    question.request().id(),
                    asAsked(model, question.request(), outputs));
            begun = System.nanoTime();
            boolean answered = question.job().call().answer(question.request(), response, release);
            handedOver = true;
            if (answered) {
                served.meters().answered("ok");
                served.meters().computed(ranNanos);
                count(question, ranNanos, System.nanoTime() - begun);
            }
        } catch (InvalidInference e) {
            question.job().fail(Failure.of(Kind.INVALID_ARGUMENT, String.valueOf(e.getMessage())), "invalid");
        } finally {
            if (!handedOver) {
                release.run();
            }
        }
        return System.nanoTime() - begun;
    }

    private void count(Question question, long ranNanos, long writtenNanos) {
        Job job = question.job();
        if (!job.proof()) {
            served.counters()
                    .answered(
                            question.rows(),
                            System.nanoTime() - job.arrived(),
                            question.takenNanos() - job.arrived(),
                            question.readNanos(),
                            ranNanos,
                            writtenNanos);
        }
    }

    private void failed(Question question, OnnxFailure e) {
        // Where a deadline has ended the run, the client has its answer, and this one is not given
        question.job().fail(Failure.of(Kind.INTERNAL, "the model failed: " + e.getMessage()), "failed");
    }

    private static void broken(Question question, Throwable e) {
        log.atError().setCause(e).log("Request failed by an error of the worker");
        question.job().fail(Failure.of(Kind.INTERNAL, "the worker failed on this request"), "failed");
    }
}
