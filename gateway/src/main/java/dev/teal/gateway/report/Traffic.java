package dev.teal.gateway.report;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Outcome;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.TrafficCount;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts answers. Of each endpoint the newest few generations are kept: a verdict on older ones has been given long ago. */
public final class Traffic {
    private static final int GENERATIONS = 8;

    private final Map<Key, Tally> tallies = new ConcurrentHashMap<>();
    private final MeterRegistry meters;

    private record Key(String endpoint, long generation, Color color) {}

    public Traffic(MeterRegistry meters) {
        this.meters = meters;
    }

    /** @param live by the route's shares; a request that asks for a color or version by itself says nothing about the route */
    public void answered(String endpoint, long generation, Color color, boolean live, Answer answer, long nanos) {
        Key key = new Key(endpoint, generation, color);
        Tally tally = tallies.get(key);
        if (tally == null) {
            tally = tallies.computeIfAbsent(key, _ -> new Tally(endpoint, color, meters));
        }
        Outcome outcome = Outcome.of(answer);
        tally.time(outcome, nanos);
        // That says nothing of a version: with another one there would be no memory either
        if (live && outcome != Outcome.NO_MEMORY) {
            tally.live(answer.status() >= 500, nanos);
        }
    }

    /** On the reporting thread alone. */
    List<TrafficCount> counts() {
        List<TrafficCount> counts = new ArrayList<>();
        tallies.keySet().stream().map(Key::endpoint).distinct().forEach(endpoint -> {
            List<Long> newest = tallies.keySet().stream()
                    .filter(key -> key.endpoint().equals(endpoint))
                    .map(Key::generation)
                    .distinct()
                    .sorted(Comparator.reverseOrder())
                    .toList();
            if (newest.size() > GENERATIONS) {
                long oldestKept = newest.get(GENERATIONS - 1);
                tallies.keySet().removeIf(key -> key.endpoint().equals(endpoint) && key.generation() < oldestKept);
            }
        });
        tallies.forEach((key, tally) -> {
            TrafficCount count = tally.count(key.endpoint(), key.generation(), key.color());
            if (count.requests() > 0) {
                counts.add(count);
            }
        });
        return counts;
    }
}
