package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Trouble;
import dev.teal.fleet.run.domain.WorkerView;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.worker.WorkerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What the control plane is told of environments: those that are wanted, and those that are not and still have workers. */
final class EnvironmentFacts {

    private EnvironmentFacts() {}

    /** By environment, in its order. */
    static List<EnvironmentFact> of(Map<String, EnvironmentRun> runs, Map<String, List<WorkerView>> workers) {
        List<EnvironmentFact> facts = new ArrayList<>();
        runs.forEach((environment, run) -> facts.add(
                fact(environment, run.wanted().digest(), workers.getOrDefault(environment, List.of()), run.trouble())));
        workers.forEach((environment, views) -> {
            if (!runs.containsKey(environment)) {
                String digest = views.getFirst().spec() == null
                        ? ""
                        : views.getFirst().spec().digest();
                facts.add(fact(environment, digest, views, Trouble.NONE));
            }
        });
        facts.sort(Comparator.comparing(EnvironmentFact::environment));
        return List.copyOf(facts);
    }

    private static EnvironmentFact fact(String environment, String digest, List<WorkerView> views, Trouble trouble) {
        List<WorkerView> same = views.stream()
                .filter(view -> view.spec() != null && view.spec().digest().equals(digest))
                .toList();
        WorkerState furthest = same.stream()
                .filter(WorkerView::counts)
                .map(WorkerView::state)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new EnvironmentFact(
                environment,
                digest,
                views.size(),
                (int) same.stream().filter(WorkerView::ready).count(),
                furthest,
                trouble.told().orElse(null));
    }
}
