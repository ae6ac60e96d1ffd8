package dev.teal.worker.run;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.onnx.NativeMemory;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.Outputs;
import dev.teal.worker.onnx.Runner;
import dev.teal.worker.run.domain.Batch;
import dev.teal.worker.run.domain.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/** Computes questions, one or several in one run, and answers them. Of one run thread. */
final class Execution {
    /** What is larger is not copied to Java's heap. */
    private static final long MOST_HEAP_BYTES = 1 << 20;

    private final Served served;
    private final Runner runner;
    private final LongPredicate borrowed;
    private final Answering answering;

    /** @param borrowed see {@link Runner#run} */
    Execution(Served served, Runner runner, LongPredicate borrowed) {
        this.served = served;
        this.runner = runner;
        this.borrowed = borrowed;
        this.answering = new Answering(served);
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
            answering.failed(question, e);
        } catch (RuntimeException | Error e) {
            Answering.broken(question, e);
        }
    }

    private void answerAlone(Question question, List<Tensor> outputs, long ranNanos, Runnable release) {
        learn(question, question.rows(), ranNanos);
        long written = answering.answer(question, outputs, ranNanos, release);
        ran(question, question.rows(), question.readNanos(), ranNanos, written);
    }

    /**
     * One by itself, with a look at all that the model makes of it.
     *
     * @return all outputs, to be kept; empty where they are larger than {@code mostBytes}, or it failed
     */
    Optional<List<Tensor>> shown(Question question, long mostBytes) {
        List<String> all = served.model().outputNames();
        try {
            long begun = System.nanoTime();
            Outputs outputs = run(question.inputs(), all, List.of(question));
            long ran = System.nanoTime() - begun;
            Optional<List<Tensor>> kept =
                    outputs.bytes() > mostBytes ? Optional.empty() : Optional.of(looked(outputs, outputs::copies));
            answerAlone(question, outputs.tensors(), ran, outputs::close);
            return kept;
        } catch (OnnxFailure e) {
            if (question.wanted().size() == all.size()) {
                answering.failed(question, e);
            } else {
                // All are computed in any case, but one that is not asked for may be too large to look at
                alone(question);
            }
        } catch (RuntimeException | Error e) {
            Answering.broken(question, e);
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
        List<Outputs> parts = new ArrayList<>();
        boolean haveRows = true;
        try {
            long ran = 0;
            for (int from = 0; haveRows && from < question.rows(); from += maxRows) {
                int first = from;
                int rows = Math.min(maxRows, question.rows() - from);
                List<Tensor> inputs = question.inputs().stream()
                        .map(input -> Rows.cut(input, first, rows))
                        .toList();
                long begun = System.nanoTime();
                Outputs outputs = run(inputs, question.wanted(), List.of(question));
                long nanos = System.nanoTime() - begun;
                parts.add(outputs);
                haveRows = Rows.of(outputs.tensors()) == rows;
                if (haveRows) {
                    ran(question, rows, 0, nanos, 0);
                    ran += nanos;
                }
            }
            if (haveRows) {
                NativeMemory memory = new NativeMemory();
                answering.answer(question, joined(parts, memory), ran, memory::close);
            }
        } finally {
            parts.forEach(Outputs::close);
        }
        if (!haveRows) {
            served.trust().refuse();
            alone(question);
        }
    }

    /** A large whole lies in native memory, as the parts do: Java's heap is small. */
    private static List<Tensor> joined(List<Outputs> parts, NativeMemory memory) {
        Batch whole = new Batch(parts.stream().map(Outputs::tensors).toList());
        try {
            return whole.joined(whole.bytes() > MOST_HEAP_BYTES ? memory : TensorAllocator.HEAP);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
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
            Optional<List<List<Tensor>>> apart = looked(outputs, () -> batch.apart(outputs.tensors()));
            if (apart.isEmpty()) {
                outputs.close();
                served.trust().refuse();
                questions.forEach(this::alone);
                return;
            }
            learn(questions.getFirst(), batch.rows(), ran);
            List<Runnable> releases = shares(outputs, questions.size());
            for (int i = 0; i < questions.size(); i++) {
                Question question = questions.get(i);
                try {
                    answering.answer(question, apart.get().get(i), ran, releases.get(i));
                } catch (RuntimeException | Error e) {
                    Answering.broken(question, e);
                }
            }
            ran(questions.getFirst(), batch.rows(), joined - begun, ran, System.nanoTime() - joined - ran);
        } catch (OnnxFailure e) {
            questions.forEach(this::alone);
        } catch (RuntimeException | Error e) {
            questions.forEach(question -> Answering.broken(question, e));
        }
    }

    /** Outputs that can't be looked at are given back. */
    private static <T> T looked(Outputs outputs, Supplier<T> look) {
        try {
            return look.get();
        } catch (RuntimeException | Error e) {
            outputs.close();
            throw e;
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
}
