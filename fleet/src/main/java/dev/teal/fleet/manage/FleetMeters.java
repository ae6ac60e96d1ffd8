package dev.teal.fleet.manage;

import dev.teal.fleet.run.Workers;
import dev.teal.protocol.cell.CellMember;
import dev.teal.protocol.worker.WorkerState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** What is read off when somebody looks. */
@Component
class FleetMeters implements MeterBinder {

    private final Workers workers;
    private final CellMember member;

    FleetMeters(Workers workers, CellMember member) {
        this.workers = workers;
        this.member = member;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        for (WorkerState state : WorkerState.values()) {
            Gauge.builder("fleet.workers", workers, all -> count(all, state))
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        Gauge.builder("fleet.state.revision", member, cell -> cell.state().revision())
                .register(meters);
        Gauge.builder("fleet.control.plane.reached", member, cell -> cell.controlPlaneReached() ? 1 : 0)
                .register(meters);
    }

    private static double count(Workers workers, WorkerState state) {
        return workers.facts().stream().filter(fact -> fact.state() == state).count();
    }
}
