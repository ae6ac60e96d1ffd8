package dev.teal.platform.rollout;

import dev.teal.platform.PlatformServer;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.CellMember;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.MemberReport;
import dev.teal.protocol.cell.Prepared;
import dev.teal.protocol.cell.RefusedEntry;
import dev.teal.protocol.cell.StateFile;
import dev.teal.protocol.cell.TrafficCount;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** One region's members as the control plane meets them: real clients over HTTP, with workers that are only told of. */
final class FakeCell implements AutoCloseable {
    final String region;
    private final String base;
    private final List<CellMember> members = new CopyOnWriteArrayList<>();
    /** Ends a version's proof, by model version. */
    final Map<String, WorkerFailure> failures = new ConcurrentHashMap<>();
    /** Workers that a running environment has, by model version; otherwise what its scaling asks for, one at least. */
    final Map<String, Integer> ready = new ConcurrentHashMap<>();

    private CellMember fleet;

    FakeCell(PlatformServer server, String region) {
        this.region = region;
        this.base = server.as("").base();
    }

    FakeCell withFleet() {
        fleet = member(
                "fleet-" + region,
                (sequence, state) -> report(
                        MemberKind.FLEET,
                        sequence,
                        state.revision(),
                        state,
                        List.of(),
                        List.of(),
                        List.of(),
                        facts(state)));
        return this;
    }

    /** Something about workers has changed. */
    void fleetChanged() {
        fleet.reportNow();
    }

    Gateway gateway(String id) {
        return new Gateway(id);
    }

    private CellMember member(String id, CellMember.ReportSource reports) {
        try {
            CellMember member = new CellMember(
                    id,
                    region,
                    new ControlPlane(URI.create(base), region, PlatformServer.CELL_KEY),
                    new StateFile(Files.createTempDirectory("teal-member-")),
                    reports,
                    new Random(7));
            member.start();
            members.add(member);
            return member;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<EnvironmentFact> facts(CellState state) {
        List<EnvironmentFact> facts = new ArrayList<>();
        for (EndpointState endpoint : state.endpoints()) {
            endpoint.environments()
                    .filter(environment -> environment.phase().runs())
                    .forEach(environment -> facts.add(fact(environment)));
        }
        return facts;
    }

    private EnvironmentFact fact(EnvironmentState environment) {
        WorkerFailure failure = failures.get(environment.version());
        if (failure != null) {
            return new EnvironmentFact(environment.id(), environment.digest(), 0, 0, WorkerState.FAILED, failure);
        }
        int workers = ready.getOrDefault(
                environment.version(), Math.max(1, environment.scaling().minWorkers()));
        return new EnvironmentFact(
                environment.id(),
                environment.digest(),
                workers,
                workers,
                workers == 0 ? null : WorkerState.READY,
                null);
    }

    private static MemberReport report(
            MemberKind kind,
            long sequence,
            long revision,
            CellState state,
            List<Prepared> prepared,
            List<RefusedEntry> refused,
            List<TrafficCount> traffic,
            List<EnvironmentFact> environments) {
        return new MemberReport(
                kind,
                "instance",
                sequence,
                "test",
                "http://127.0.0.1:8000",
                revision,
                state.checksum(),
                prepared,
                refused,
                traffic,
                environments,
                List.of());
    }

    /** A gateway that can be told to lag, to refuse, and what it has counted. */
    final class Gateway {
        volatile boolean prepares = true;
        volatile long frozenRevision = Long.MAX_VALUE;
        final List<TrafficCount> counts = new CopyOnWriteArrayList<>();
        final CellMember member;

        private Gateway(String id) {
            this.member = member(id, this::report);
        }

        private MemberReport report(long sequence, CellState state) {
            List<Prepared> prepared = new ArrayList<>();
            List<RefusedEntry> refused = new ArrayList<>();
            for (EndpointState endpoint : state.endpoints()) {
                if (endpoint.next() != null && prepares) {
                    prepared.add(new Prepared(endpoint.name(), endpoint.next().generation()));
                } else if (endpoint.next() != null) {
                    refused.add(
                            new RefusedEntry(endpoint.name(), endpoint.next().generation(), "no worker answers"));
                }
            }
            return FakeCell.report(
                    MemberKind.GATEWAY,
                    sequence,
                    Math.min(frozenRevision, state.revision()),
                    state,
                    prepared,
                    refused,
                    counts,
                    List.of());
        }

        void count(String endpoint, long generation, Color color, long requests, long failed) {
            counts.add(new TrafficCount(endpoint, generation, color, requests, failed, null));
            member.reportNow();
        }

        CellState state() {
            return member.state();
        }

        /** As when it dies: it reports no more. */
        void close() {
            member.close();
        }
    }

    @Override
    public void close() {
        members.forEach(CellMember::close);
    }
}
