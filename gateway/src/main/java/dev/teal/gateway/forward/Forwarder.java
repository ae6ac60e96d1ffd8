package dev.teal.gateway.forward;

import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.timing.Timers;
import dev.teal.gateway.workers.InferRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Brings requests to workers: what all deliveries share. */
public final class Forwarder {
    private final Lanes lanes;
    private final Timers timers;
    private final AnswerMemory answers;
    private final LongSupplier ticker;
    private final RetryBudget budget;
    private final Quarantine quarantine;
    private final Counter repeats;
    private final Counter refusals;
    private final Counter quarantined;

    public Forwarder(Lanes lanes, Timers timers, AnswerMemory answers, LongSupplier ticker, MeterRegistry meters) {
        this.lanes = lanes;
        this.timers = timers;
        this.answers = answers;
        this.ticker = ticker;
        this.budget = new RetryBudget(ticker);
        this.quarantine = new Quarantine(ticker);
        this.repeats = Counter.builder("gateway.worker.repeats").register(meters);
        this.refusals = Counter.builder("gateway.worker.refusals").register(meters);
        this.quarantined = Counter.builder("gateway.quarantine.bodies").register(meters);
        Gauge.builder("gateway.quarantine.size", quarantine, Quarantine::size).register(meters);
    }

    /** For the answer to a request: to be closed once that is sent, or nobody waits for it. */
    AnswerMemory.Hold hold() {
        return answers.hold();
    }

    /** Of an answer that is another's to hold as soon as it is here. */
    Mono<Answer> forward(Ticket ticket, InferRequest request) {
        AnswerMemory.Hold hold = hold();
        return forward(ticket, request, hold).doFinally(_ -> hold.close());
    }

    /** Always ends in an answer, at the deadline at the latest. Cancelling takes the request off its worker or out of the line. */
    Mono<Answer> forward(Ticket ticket, InferRequest request, AnswerMemory.Hold hold) {
        budget.request();
        if (quarantine.holds(ticket.endpoint().name(), request.body())) {
            return Mono.just(Answer.Failure.badGateway(Outcome.FAILED, Delivery.QUARANTINED));
        }
        if (answers.isFull()) {
            return Mono.just(Answer.Failure.noAnswerMemory());
        }
        return Mono.create(sink -> new Delivery(this, ticket, request, hold, sink).start());
    }

    Lanes lanes() {
        return lanes;
    }

    Timers timers() {
        return timers;
    }

    long now() {
        return ticker.getAsLong();
    }

    void refused() {
        refusals.increment();
    }

    /** Whether one more repeat is within the budget. */
    boolean mayRepeat() {
        boolean may = budget.take();
        if (may) {
            repeats.increment();
        }
        return may;
    }

    void quarantine(Ticket ticket, byte[] body) {
        quarantine.put(ticket.endpoint().name(), body);
        quarantined.increment();
    }
}
