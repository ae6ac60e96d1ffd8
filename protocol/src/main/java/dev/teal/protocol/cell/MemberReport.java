package dev.teal.protocol.cell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway or fleet tells the control plane, about once a second and at once after a change. Counts are cumulative since
 * {@code instance} started, so a lost or repeated report changes nothing.
 *
 * @param instance random per process start: tells a restart from a reset
 * @param sequence grows with each report of an instance; an older one is ignored
 * @param address where clients (gateway) or gateways (fleet) reach it
 * @param revision in force, written to disk; {@code checksum} is of that state
 * @param prepared routes in PREPARE that this gateway has checked from its own seat
 */
public record MemberReport(
        MemberKind kind,
        String instance,
        long sequence,
        String software,
        String address,
        long revision,
        @Nullable String checksum,
        List<Prepared> prepared,
        List<RefusedEntry> refused,
        List<TrafficCount> traffic,
        List<EnvironmentFact> environments,
        List<WorkerFact> workers) {
    public MemberReport {
        prepared = List.copyOf(prepared);
        refused = List.copyOf(refused);
        traffic = List.copyOf(traffic);
        environments = List.copyOf(environments);
        workers = List.copyOf(workers);
    }
}
