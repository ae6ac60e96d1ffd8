package dev.teal.worker.run;

import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.run.Failure.Kind;
import java.util.ArrayList;
import java.util.List;

/** Gives a question what the model made of it, or says why there is nothing, and counts it. */
final class Answering {
    private final Served served;
    private final DeclaredShapes shapes;

    Answering(Served served) {
        this.served = served;
        this.shapes = new DeclaredShapes(served.model().name(), served.session().declaredInputs());
    }

    static List<Tensor> asAsked(Model model, InferenceRequest request, List<Tensor> outputs) {
        List<Tensor> asked = new ArrayList<>(outputs.size());
        for (Tensor output : outputs) {
            asked.add(model.asAsked(request, output));
        }
        return asked;
    }

    /**
     * @param outputs of the model, in its order, the wanted ones among them
     * @param release is run in any case
     * @return nanoseconds that writing took
     */
    long answer(Question question, List<Tensor> outputs, long ranNanos, Runnable release) {
        Model model = served.model();
        long begun = System.nanoTime();
        boolean handedOver = false;
        try {
            List<Tensor> wanted = wanted(question, outputs);
            ResponseCache cache = served.cache();
            if (cache != null && question.cacheKey() != null) {
                cache.put(question.cacheKey(), wanted);
            }
            InferenceResponse response = new InferenceResponse(
                    model.name(), model.version(), question.request().id(), asAsked(model, question.request(), wanted));
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
        } catch (NoRoomForAnswer e) {
            question.job().fail(e.failure(), "refused_saturated");
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

    void failed(Question question, OnnxFailure e) {
        // Where a deadline has ended the run, the client has its answer, and this one is not given
        shapes.contradiction(question.inputs())
                .ifPresentOrElse(
                        reason -> question.job().fail(Failure.of(Kind.INVALID_ARGUMENT, reason), "invalid"),
                        () -> question.job()
                                .fail(Failure.of(Kind.INTERNAL, "the model failed: " + e.getMessage()), "failed"));
    }

    static void broken(Question question, Throwable e) {
        question.job().broken(e);
    }

    private static List<Tensor> wanted(Question question, List<Tensor> outputs) {
        return question.wanted().size() == outputs.size()
                ? outputs
                : outputs.stream()
                        .filter(output -> question.wanted().contains(output.name()))
                        .toList();
    }
}
