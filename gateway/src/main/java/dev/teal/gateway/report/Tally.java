package dev.teal.gateway.report;

import dev.teal.gateway.answer.Outcome;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.TrafficCount;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.AtomicHistogram;
import org.jspecify.annotations.Nullable;

/** What one endpoint, generation and color has had of live traffic since this gateway started. */
final class Tally {
    /** Two digits are enough for a comparison of latencies and keep a histogram in some 25 kB. */
    private static final int DIGITS = 2;

    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);

    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicHistogram micros = new AtomicHistogram(LONGEST_MICROS, DIGITS);
    private final Timer[] timers;
    private long encodedRequests;
    private @Nullable String encoded;

    Tally(String endpoint, Color color, MeterRegistry meters) {
        this.timers = Arrays.stream(Outcome.values())
                .map(outcome -> Timer.builder("gateway.requests")
                        .tag("endpoint", endpoint)
                        .tag("color", color.lowerCase())
                        .tag("outcome", outcome.tag())
                        .register(meters))
                .toArray(Timer[]::new);
    }

    void time(Outcome outcome, long nanos) {
        timers[outcome.ordinal()].record(nanos, TimeUnit.NANOSECONDS);
    }

    void live(boolean failure, long nanos) {
        micros.recordValue(Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
        if (failure) {
            failures.increment();
        }
        requests.increment();
    }

    /** On the reporting thread alone. */
    TrafficCount count(String endpoint, long generation, Color color) {
        long count = requests.sum();
        if (count != encodedRequests) {
            encodedRequests = count;
            encoded = encode();
        }
        return new TrafficCount(endpoint, generation, color, count, failures.sum(), encoded);
    }

    private String encode() {
        var copy = micros.copy();
        ByteBuffer buffer = ByteBuffer.allocate(copy.getNeededByteBufferCapacity());
        int length = copy.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }
}
