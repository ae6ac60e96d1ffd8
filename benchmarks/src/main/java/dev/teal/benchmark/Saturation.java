package dev.teal.benchmark;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server under as much load as it takes: rounds of it, and then of half of it. */
final class Saturation {
    private final PinnedProcess server;
    private final SocketAddress address;
    private final int connections;
    private final Dialogue.Script script;
    private final List<Double> cpuMicros = new ArrayList<>();
    private final List<Double> perSecond = new ArrayList<>();

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

    void warmUp(Duration time) throws IOException {
        try (Load load = load()) {
            load.saturate(time);
        }
    }

    void round(Duration time) throws IOException {
        try (Load load = load()) {
            long before = server.cpuMicros();
            Load.Result result = load.saturate(time);
            cpuMicros.add((server.cpuMicros() - before) / (double) result.served());
            perSecond.add(result.perSecond());
        }
    }

    /** At half of what the rounds gave, whether it keeps up or not. */
    Load.Result half(Duration time) throws IOException {
        try (Load load = load()) {
            return load.pace(perSecond().median() / 2, time);
        }
    }

    /** Of the server's whole process, a request. */
    Spread cpuMicros() {
        return new Spread(cpuMicros);
    }

    Spread perSecond() {
        return new Spread(perSecond);
    }
}
