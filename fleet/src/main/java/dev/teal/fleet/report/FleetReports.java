package dev.teal.fleet.report;

import dev.teal.fleet.run.Reconciler;
import dev.teal.fleet.run.Workers;
import dev.teal.protocol.cell.CellMember;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.MemberReport;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the control plane is told: which state is in force, and what runs for each environment. */
final class FleetReports implements CellMember.ReportSource {

    private final String instance;
    private final String software;
    private final Supplier<String> address;
    private final Reconciler reconciler;
    private final Workers workers;
    private @Nullable CellState summed;
    private String checksum = "";

    FleetReports(String instance, String software, Supplier<String> address, Reconciler reconciler, Workers workers) {
        this.instance = instance;
        this.software = software;
        this.address = address;
        this.reconciler = reconciler;
        this.workers = workers;
    }

    @Override
    public MemberReport report(long sequence, CellState state) {
        return new MemberReport(
                MemberKind.FLEET,
                instance,
                sequence,
                software,
                address.get(),
                state.revision(),
                checksum(state),
                List.of(),
                state.refused(),
                List.of(),
                reconciler.facts(),
                workers.facts());
    }

    /** The sum runs over the whole state: once a state is enough. */
    private synchronized String checksum(CellState state) {
        if (state != summed) {
            checksum = state.checksum();
            summed = state;
        }
        return checksum;
    }
}
