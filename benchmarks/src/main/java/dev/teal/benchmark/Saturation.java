package dev.teal.benchmark;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server under as much load as it takes: rounds of it, and then of half of it. */
final class Saturation {
    private final PinnedProcess server;
    private final SocketAddress address;
    private final int connections;
    private final Dialogue.Script script;
    private final List<Double> cpuMicros = new ArrayList<>();
    private final List<Double> perSecond = new ArrayList<>();
    private final List<Double> coreShare = new ArrayList<>();

    Saturation(PinnedProcess server, SocketAddress address, int connections, Dialogue.Script script) {
        this.server = server;
        this.address = address;
        this.connections = connections;
        this.script = script;
    }

    /** New connections each time: servers end those that have been silent while others had their turn. */
    private Load load() throws IOException {
        return new Load(address, connections, script);
    }

    /** Until the server has computed for so long: a busy machine gives it less than the time that passes. */
    void warmUp(Duration computing) throws IOException {
        long until = server.cpuMicros() + computing.toNanos() / 1_000;
        long patience = System.nanoTime() + 5 * computing.toNanos();
        try (Load load = load()) {
            while (server.cpuMicros() < until && System.nanoTime() < patience) {
                load.saturate(Duration.ofSeconds(1));
            }
        }
    }

    void round(Duration time) throws IOException {
        try (Load load = load()) {
            long before = server.cpuMicros();
            Load.Result result = load.saturate(time);
            long computed = server.cpuMicros() - before;
            cpuMicros.add(computed / (double) result.served());
            perSecond.add(result.perSecond());
            coreShare.add(computed / (result.seconds() * 1e6));
        }
    }

    /** At half of what the rounds gave, whether it keeps up or not. */
    Load.Result half(Duration time) throws IOException {
        return at(perSecond().median() / 2, time);
    }

    /** At a rate, whether it keeps up or not. */
    Load.Result at(double perSecond, Duration time) throws IOException {
        try (Load load = load()) {
            return load.pace(perSecond, time);
        }
    }

    /** Of the server's whole process, a request. */
    Spread cpuMicros() {
        return new Spread(cpuMicros);
    }

    Spread perSecond() {
        return new Spread(perSecond);
    }

    /** Of the core, how much of the time it computed: far below 1, either the load was too small or something else took the core. */
    Spread coreShare() {
        return new Spread(coreShare);
    }

    /** Every number of the rounds. */
    Map<String, Object> raw() {
        return Map.of("cpuMicros", cpuMicros, "perSecond", perSecond, "coreShare", coreShare);
    }
}
