package dev.teal.fleet.run;

import dev.teal.fleet.cache.ArtifactCache;
import dev.teal.fleet.cell.CellProperties;
import dev.teal.fleet.cell.StateDirectory;
import dev.teal.fleet.scale.DemandBook;
import dev.teal.fleet.worker.AvailableMemory;
import dev.teal.fleet.worker.WorkerProperties;
import dev.teal.fleet.worker.WorkerRuntime;
import dev.teal.protocol.cell.CellState;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RunConfiguration {

    /** More than a gateway holds for one endpoint; each waits on a virtual thread. */
    private static final int MOST_WAITING = 4_000;

    @Bean
    Workers workers() {
        return new Workers();
    }

    @Bean
    Inbox inbox() {
        return new Inbox();
    }

    @Bean
    Wishes wishes(Inbox inbox) {
        return new Wishes(MOST_WAITING, inbox);
    }

    @Bean
    Pool pool(WorkerProperties properties) {
        return new Pool(properties.pool(), System::nanoTime);
    }

    @Bean
    MemoryBook memoryBook(StateDirectory directory) throws IOException {
        return new MemoryBook(directory.resolve("memory.json"));
    }

    @Bean
    Proofs proofs(ArtifactCache cache, MemoryBook memory, Inbox inbox, Pool pool, MeterRegistry meters) {
        return new Proofs(cache, memory, inbox, pool, meters, System::nanoTime);
    }

    @Bean
    Room room(AvailableMemory available, MemoryBook memory, Workers workers, WorkerProperties properties) {
        return new Room(available, memory, workers, properties);
    }

    @Bean
    Starts starts(
            WorkerRuntime runtime,
            WorkerProperties properties,
            ArtifactCache cache,
            Workers workers,
            Room room,
            Proofs proofs,
            Pool pool,
            Inbox inbox,
            InstantSource time) {
        return new Starts(runtime, properties, cache, workers, room, proofs, pool, inbox, time, System::nanoTime);
    }

    @Bean
    Ends ends(Workers workers) {
        return new Ends(workers, System::nanoTime);
    }

    @Bean
    Adoption adoption(WorkerRuntime runtime, Workers workers, Starts starts) {
        return new Adoption(runtime, workers, starts, System::nanoTime);
    }

    @Bean
    PoolKeeper poolKeeper(Workers workers, Pool pool, Starts starts, Ends ends) {
        return new PoolKeeper(workers, pool, starts, ends, System::nanoTime);
    }

    @Bean
    Reconciler reconciler(
            Workers workers,
            Starts starts,
            Ends ends,
            PoolKeeper pool,
            Wishes wishes,
            DemandBook demand,
            Inbox inbox,
            CellProperties cell) {
        return new Reconciler(
                workers, starts, ends, pool, wishes, demand, inbox, CellState.empty(cell.region()), System::nanoTime);
    }
}
