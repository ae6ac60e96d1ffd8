package dev.teal.gateway.report;

import dev.teal.gateway.prepare.Preparation;
import dev.teal.protocol.cell.CellMember;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.MemberReport;
import dev.teal.protocol.cell.RefusedEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this gateway tells the control plane. */
public final class Reports implements CellMember.ReportSource {
    private final String instance;
    private final String software;
    private final String address;
    private final Traffic traffic;
    private final Supplier<Preparation> preparation;
    private @Nullable CellState summed;
    private String checksum = "";

    /** @param address where clients reach this gateway */
    public Reports(
            String instance, String software, String address, Traffic traffic, Supplier<Preparation> preparation) {
        this.instance = instance;
        this.software = software;
        this.address = address;
        this.traffic = traffic;
        this.preparation = preparation;
    }

    @Override
    public MemberReport report(long sequence, CellState state) {
        List<RefusedEntry> refused = new ArrayList<>(state.refused());
        refused.addAll(preparation.get().refused());
        return new MemberReport(
                MemberKind.GATEWAY,
                instance,
                sequence,
                software,
                address,
                state.revision(),
                checksumOf(state),
                preparation.get().prepared(),
                refused,
                traffic.counts(),
                List.of(),
                List.of());
    }

    /** A state never changes, so its sum over all entries is made once and not each second. */
    private String checksumOf(CellState state) {
        if (state != summed) {
            checksum = state.checksum();
            summed = state;
        }
        return checksum;
    }
}
