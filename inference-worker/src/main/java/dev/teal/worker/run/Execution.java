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
import dev.teal.worker.run.domain.Batch;
import dev.teal.worker.run.domain.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final DeclaredShapes shapes;

    /** @param borrowed see {@link Runner#run} */
    Execution(Served served, Runner runner, LongPredicate borrowed) {
        this.served = served;
        this.runner = runner;
        this.borrowed = borrowed;
        this.shapes = new DeclaredShapes(served.model().name(), served.session().declaredInputs());
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
                answerAlone(question, outputs.tensors(), System.nanoTime() - begun, outputs::close);
            }
        } catch (OnnxFailure e) {
            failed(question, e);
        } catch (RuntimeException | Error e) {
            broken(question, e);
        }
    }

    private void answerAlone(Question question, List<Tensor> outputs, long ranNanos, Runnable release) {
        learn(question, question.rows(), ranNanos);
        long written = answer(question, outputs, ranNanos, release);
        ran(question, question.rows(), question.readNanos(), ranNanos, written);
    }

    /** One by itself, with a look at all that the model makes of it. @return all outputs, to be kept; empty where it failed */
    Optional<List<Tensor>> shown(Question question) {
        List<String> all = served.model().outputNames();
        try {
            long begun = System.nanoTime();
            long ran;
            List<Tensor> outputs;
            try (Outputs made = run(question.inputs(), all, List.of(question))) {
                ran = System.nanoTime() - begun;
                outputs = made.copies();
            }
            answerAlone(question, wanted(question, outputs), ran, () -> {});
            return Optional.of(outputs);
        } catch (OnnxFailure e) {
            if (question.wanted().size() == all.size()) {
                failed(question, e);
            } else {
                // The runtime computes all outputs in any case, but one that is not asked for may be too large to look
                // at
                alone(question);
            }
        } catch (RuntimeException | Error e) {
            broken(question, e);
        }
        return Optional.empty();
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
            Batch batch = new Batch(questions.stream().map(Question::inputs).toList());
            List<Tensor> inputs = batch.joined(memory);
            long joined = System.nanoTime();
            Outputs outputs = run(inputs, union(questions), questions);
            long ran = System.nanoTime() - joined;
            Optional<List<List<Tensor>>> apart = apart(batch, outputs);
            if (apart.isEmpty()) {
                served.trust().refuse();
                questions.forEach(this::alone);
                return;
            }
            learn(questions.getFirst(), batch.rows(), ran);
            List<Runnable> releases = shares(outputs, questions.size());
            for (int i = 0; i < questions.size(); i++) {
                Question question = questions.get(i);
                try {
                    answer(question, wanted(question, apart.get().get(i)), ran, releases.get(i));
                } catch (RuntimeException | Error e) {
                    broken(question, e);
                }
            }
            ran(questions.getFirst(), batch.rows(), joined - begun, ran, System.nanoTime() - joined - ran);
        } catch (OnnxFailure e) {
            questions.forEach(this::alone);
        } catch (RuntimeException | Error e) {
            questions.forEach(question -> broken(question, e));
        }
    }

    /** What can't be cut is given back. */
    private static Optional<List<List<Tensor>>> apart(Batch batch, Outputs outputs) {
        Optional<List<List<Tensor>>> apart = Optional.empty();
        try {
            apart = batch.apart(outputs.tensors());
            return apart;
        } finally {
            if (apart.isEmpty()) {
                outputs.close();
            }
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

    /** @param outputs of the model, in its order, the wanted ones among them */
    private static List<Tensor> wanted(Question question, List<Tensor> outputs) {
        return question.wanted().size() == outputs.size()
                ? outputs
                : outputs.stream()
                        .filter(output -> question.wanted().contains(output.name()))
                        .toList();
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
        shapes.contradiction(question.inputs())
                .ifPresentOrElse(
                        reason -> question.job().fail(Failure.of(Kind.INVALID_ARGUMENT, reason), "invalid"),
                        () -> question.job()
                                .fail(Failure.of(Kind.INTERNAL, "the model failed: " + e.getMessage()), "failed"));
    }

    private static void broken(Question question, Throwable e) {
        log.atError().setCause(e).log("Request failed by an error of the worker");
        question.job().fail(Failure.of(Kind.INTERNAL, "the worker failed on this request"), "failed");
    }
}
