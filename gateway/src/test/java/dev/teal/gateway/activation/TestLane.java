package dev.teal.gateway.activation;

import dev.teal.gateway.timing.Timers;
import dev.teal.gateway.workers.WorkerConnections;
import dev.teal.protocol.cell.WorkerAddress;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** A lane with one worker, which holds four requests at once; its clock is the test's. */
final class TestLane implements AutoCloseable {
    static final long MILLI = 1_000_000;

    static {
        // Before threads of Reactor's begin here, since later tests of this process have them watched
        BlockHound.install();
    }

    final AtomicLong clock = new AtomicLong();
    final Lane lane;
    private final Timers timers = new Timers();
    private final LoopResources loops = LoopResources.create("test", 1, true);

    TestLane() {
        WorkerConnections connections =
                new WorkerConnections(new WorkerConnections.Settings(4, Duration.ofSeconds(1), 1_000), loops);
        lane = new Lane(
                new LaneKey("endpoint", "environment", "digest"),
                new Buffer(100_000, Long.MAX_VALUE),
                new LaneTools(
                        connections,
                        (_, _) -> Mono.never(),
                        timers,
                        clock::get,
                        new SimpleMeterRegistry().timer("waits"),
                        () -> {}));
        lane.update(List.of(new WorkerAddress("w", "environment", "digest", "http://127.0.0.1:9", 1, 1)), false);
    }

    @Override
    public void close() {
        timers.close();
        loops.dispose();
    }
}
