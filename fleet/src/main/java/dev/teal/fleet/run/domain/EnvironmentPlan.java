package dev.teal.fleet.run.domain;

import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.worker.WorkerState;
import java.util.ArrayList;
import java.util.List;

/** The actions that bring an environment's workers nearer to what is wanted. */
public final class EnvironmentPlan {

    private EnvironmentPlan() {}

    /**
     * For an environment that has something to run.
     *
     * @param desired workers of {@code spec} that there should be
     * @param idle nobody wants anything: workers too many may leave only if they have not been used for the idle timeout
     * @param mayStart false while a failure holds new starts
     * @param workers those of this environment, stale ones too
     */
    public static List<Action> of(
            Spec spec, EnvironmentState wanted, int desired, boolean idle, boolean mayStart, List<WorkerView> workers) {
        List<WorkerView> current = workers.stream()
                .filter(worker -> worker.counts() && spec.equals(worker.spec()))
                .toList();
        List<WorkerView> ready = current.stream().filter(WorkerView::ready).toList();
        List<Action> actions = new ArrayList<>(failed(workers));
        for (int i = current.size(); mayStart && i < desired; i++) {
            actions.add(new Action.Start(spec));
        }
        // Only ready ones leave, and only those beyond what is wanted: one on its way serves nobody yet, and is not
        // stopped either, as the next wake would start it again
        long idleMillis = idle ? wanted.scaling().idleTimeoutMillis() : 0;
        ready.stream()
                .limit(Math.max(0, ready.size() - desired))
                .forEach(worker -> actions.add(new Action.Drain(worker.id(), idleMillis)));
        actions.addAll(stale(spec, desired, ready.size(), workers));
        return actions;
    }

    /** Each ready replacement lets one stale worker go; one that was never ready serves nobody and goes at once. */
    private static List<Action.End> stale(Spec spec, int desired, int ready, List<WorkerView> workers) {
        List<WorkerView> stale = workers.stream()
                .filter(worker -> worker.counts() && !spec.equals(worker.spec()))
                .toList();
        List<WorkerView> serving = stale.stream().filter(WorkerView::ready).toList();
        List<Action.End> actions = new ArrayList<>();
        stale.stream()
                .filter(worker -> !worker.ready())
                .forEach(worker -> actions.add(new Action.Stop(worker.id(), "stale")));
        serving.stream()
                .limit(Math.max(0, ready + serving.size() - desired))
                .forEach(worker -> actions.add(new Action.Drain(worker.id(), 0)));
        return actions;
    }

    /** For an environment that is to run nothing: what is held is finished. */
    public static List<Action.End> leave(List<WorkerView> workers) {
        List<Action.End> actions = new ArrayList<>(failed(workers));
        for (WorkerView worker : workers) {
            if (worker.ready()) {
                actions.add(new Action.Drain(worker.id(), 0));
            } else if (worker.counts()) {
                actions.add(new Action.Stop(worker.id(), "environment gone"));
            }
        }
        return actions;
    }

    private static List<Action.End> failed(List<WorkerView> workers) {
        return workers.stream()
                .filter(worker -> worker.state() == WorkerState.FAILED && !worker.leaving())
                .<Action.End>map(worker -> new Action.Stop(worker.id(), "failed"))
                .toList();
    }
}
