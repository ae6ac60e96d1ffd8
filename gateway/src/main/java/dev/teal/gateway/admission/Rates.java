package dev.teal.gateway.admission;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.protocol.cell.Rate;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How often inference may be asked for: by one key whatever the endpoint, and of one endpoint whoever asks. Each gateway counts for itself. A
 * refusal costs its caller nothing but the wait.
 */
public final class Rates {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final @Nullable Rate ofKey;
    private final LongSupplier ticker;
    private final RandomGenerator random;
    private final Buckets keys = new Buckets();
    private final Buckets endpoints = new Buckets();
    private final Counter keyRefusals;
    private final Counter endpointRefusals;

    /**
     * @param ofKey of each key, or null where there is none
     * @param ticker monotonic nanoseconds
     */
    public Rates(@Nullable Rate ofKey, LongSupplier ticker, RandomGenerator random, MeterRegistry meters) {
        this.ofKey = ofKey;
        this.ticker = ticker;
        this.random = random;
        this.keyRefusals = refusals("key", meters);
        this.endpointRefusals = refusals("endpoint", meters);
    }

    private static Counter refusals(String limit, MeterRegistry meters) {
        return Counter.builder("gateway.rate.refusals").tag("limit", limit).register(meters);
    }

    /** Counts a request. @return why it may not go on; it is not counted then */
    public Optional<Answer.Failure> refusal(Caller caller, Endpoint endpoint) {
        long now = ticker.getAsLong();
        if (ofKey != null && caller instanceof Caller.Keyed(var id)) {
            long wait = keys.of(id, now).take(ofKey, now);
            if (wait > 0) {
                return Optional.of(keyFailure(ofKey, wait));
            }
        }
        Rate ofEndpoint = endpoint.limits().rate();
        if (ofEndpoint != null) {
            long wait = endpoints.of(endpoint.name(), now).take(ofEndpoint, now);
            if (wait > 0) {
                endpointRefusals.increment();
                return Optional.of(failure("endpoint '" + endpoint.name() + "' takes", ofEndpoint, wait));
            }
        }
        return Optional.empty();
    }

    /** Where it is not known yet what is asked for. Counts nothing. @return why nothing of this caller would go on */
    public Optional<Answer.Failure> refusal(Caller caller) {
        if (ofKey == null || !(caller instanceof Caller.Keyed(var id))) {
            return Optional.empty();
        }
        long now = ticker.getAsLong();
        long wait = keys.of(id, now).look(ofKey, now);
        return wait > 0 ? Optional.of(keyFailure(ofKey, wait)) : Optional.empty();
    }

    private Answer.Failure keyFailure(Rate rate, long waitNanos) {
        keyRefusals.increment();
        return failure("this key has", rate, waitNanos);
    }

    /** Those who are refused together must not come back together. */
    private Answer.Failure failure(String whose, Rate rate, long waitNanos) {
        long seconds = (waitNanos + SECOND_NANOS - 1) / SECOND_NANOS;
        return Answer.Failure.tooMany(
                whose + " " + rate.perSecond() + " requests a second, " + rate.burst() + " at once; try again later",
                seconds + random.nextLong(seconds + 1));
    }
}
