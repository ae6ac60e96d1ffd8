package dev.teal.gateway.activation;

import dev.teal.gateway.timing.Timers;
import dev.teal.gateway.workers.WorkerConnections;
import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.WorkerAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** All lanes, and the workers that the fleet has named for them. */
public final class Lanes {
    /** Longer than any request waits, so nobody holds a lane that is dropped. */
    private static final Duration UNUSED = Duration.ofHours(1);

    private final Map<LaneKey, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, Buffer> buffers = new ConcurrentHashMap<>();
    private final Limits limits;
    private final LaneTools tools;
    private volatile Map<Version, List<WorkerAddress>> listed = Map.of();
    private volatile Runnable demandNow = () -> {};

    /** What may wait for a worker, per endpoint. */
    public record Limits(int requests, long bytes) {}

    private record Version(String environment, String digest) {}

    public Lanes(
            WorkerConnections connections,
            Waker waker,
            Timers timers,
            LongSupplier ticker,
            MeterRegistry meters,
            Limits limits) {
        this.limits = limits;
        this.tools = new LaneTools(
                connections,
                waker,
                timers,
                ticker,
                Timer.builder("gateway.activation.wait").register(meters),
                () -> demandNow.run());
    }

    /** Called when somebody waits for an environment that has no worker. */
    public void onUrgentDemand(Runnable action) {
        demandNow = action;
    }

    public Lane lane(LaneKey key) {
        Lane lane = lanes.get(key);
        return lane == null ? lanes.computeIfAbsent(key, this::open) : lane;
    }

    private Lane open(LaneKey key) {
        Lane lane = new Lane(
                key,
                buffers.computeIfAbsent(key.endpoint(), _ -> new Buffer(limits.requests(), limits.bytes())),
                tools);
        lane.update(listed.getOrDefault(new Version(key.environment(), key.digest()), List.of()), false);
        return lane;
    }

    /** Takes over the fleet's list. @param fresh from another fleet than the list before */
    public void update(List<WorkerAddress> workers, boolean fresh) {
        Map<Version, List<WorkerAddress>> byVersion = new HashMap<>();
        for (WorkerAddress worker : workers) {
            byVersion
                    .computeIfAbsent(new Version(worker.environment(), worker.digest()), _ -> new ArrayList<>())
                    .add(worker);
        }
        listed = byVersion;
        lanes.forEach((key, lane) ->
                lane.update(byVersion.getOrDefault(new Version(key.environment(), key.digest()), List.of()), fresh));
        lanes.values().removeIf(lane -> lane.unusedFor(UNUSED));
    }

    public List<Demand.EnvironmentDemand> demand() {
        return lanes.values().stream().map(Lane::demand).toList();
    }
}
