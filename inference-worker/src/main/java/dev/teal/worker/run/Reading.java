package dev.teal.worker.run;

import dev.teal.protocol.Refusal;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.run.Failure.Kind;
import dev.teal.worker.run.domain.RowShape;
import dev.teal.worker.run.domain.Rows;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From a job to a question for the model. What needs no model ends here: bad requests, late ones, those answered before. */
final class Reading {
    private final Served served;

    Reading(Served served) {
        this.served = served;
    }

    /** @return null where the job is done */
    @Nullable
    Question read(Job job, TensorAllocator memory) {
        if (!job.start()) {
            served.queue().finished(job);
            return null;
        }
        Question question = null;
        try {
            question = question(job, memory);
            return question;
        } catch (InvalidInference e) {
            job.fail(Failure.of(Kind.INVALID_ARGUMENT, String.valueOf(e.getMessage())), "invalid");
        } catch (BodyTooLarge e) {
            job.fail(Failure.of(Kind.TOO_LARGE, String.valueOf(e.getMessage())), "invalid");
        } catch (NoRoomForAnswer e) {
            job.fail(e.failure(), "refused_saturated");
        } catch (RuntimeException | Error e) {
            job.broken(e);
        } finally {
            if (question == null) {
                job.done();
                served.queue().finished(job);
            }
        }
        return null;
    }

    private @Nullable Question question(Job job, TensorAllocator memory) {
        long begun = System.nanoTime();
        served.meters().queued(begun - job.arrived());
        InferenceRequest request = job.call()
                .read(
                        job.proof()
                                ? memory
                                : new BoundedMemory(memory, served.settings().bodyBytes()));
        if (job.late(request.schedule(), begun)) {
            job.fail(Failure.refused(Refusal.EXPIRED), "refused_expired");
            return null;
        }
        Model model = served.model();
        List<Tensor> inputs = model.fit(request);
        List<String> wanted = model.wanted(request);
        ByteBuffer key = null;
        ResponseCache cache = served.cache();
        if (cache != null && !job.proof()) {
            key = ResponseCache.key(inputs, wanted);
            ResponseCache.Known known = cache.get(key);
            if (known != null) {
                answer(job, request, known, begun);
                return null;
            }
            served.counters().cacheMiss(System.nanoTime() - begun);
        }
        long rows = model.rowsFirst() ? Rows.of(inputs) : 0;
        // Rows without elements cost nothing to send: there may be any number of them
        boolean together = rows > 0
                && rows <= Integer.MAX_VALUE
                && served.settings().maxRows() > 1
                && inputs.stream().allMatch(input -> input.data().hasRemaining());
        return new Question(
                job,
                request,
                inputs,
                wanted,
                together ? (int) rows : 1,
                together ? RowShape.of(inputs) : null,
                key,
                begun,
                System.nanoTime() - begun);
    }

    private void answer(Job job, InferenceRequest request, ResponseCache.Known known, long begun) {
        Model model = served.model();
        boolean handedOver = false;
        try {
            List<Tensor> asked = Answering.asAsked(model, request, known.outputs());
            InferenceResponse response = new InferenceResponse(model.name(), model.version(), request.id(), asked);
            long found = System.nanoTime() - begun;
            boolean answered = job.call().answer(request, response, known.release());
            handedOver = true;
            if (answered) {
                served.meters().answered("ok");
                served.counters().cacheHit(System.nanoTime() - job.arrived(), begun - job.arrived(), found);
            }
        } finally {
            if (!handedOver) {
                known.release().run();
            }
        }
    }
}
