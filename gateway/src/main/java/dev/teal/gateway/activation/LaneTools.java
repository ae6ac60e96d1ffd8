package dev.teal.gateway.activation;

import dev.teal.gateway.timing.Timers;
import dev.teal.gateway.workers.WorkerConnections;
import io.micrometer.core.instrument.Timer;
import java.util.function.LongSupplier;

/** What all lanes share. @param demandNow called when somebody waits for an environment that has no worker */
record LaneTools(
        WorkerConnections connections,
        Waker waker,
        Timers timers,
        LongSupplier ticker,
        Timer wakeWaits,
        Runnable demandNow) {}
