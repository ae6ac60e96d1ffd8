package dev.teal.platform.cell;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.teal.platform.routing.Placement;
import dev.teal.platform.routing.Routing;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.RefusedEntry;
import dev.teal.protocol.cell.WorkerFact;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerMemory;
import dev.teal.protocol.worker.WorkerState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "Cells", description = "What runs where: gateways, fleets and their workers, as they report themselves")
class MemberController {
    private final Members members;
    private final Routing routing;

    MemberController(Members members, Routing routing) {
        this.members = members;
        this.routing = routing;
    }

    @Schema(name = "Gateway", description = "A gateway as it last reported")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GatewayView(
            @Schema(example = "gateway-1") String id,
            @Schema(example = "local") String region,
            @Schema(example = "http://127.0.0.1:8000") String address,
            String software,

            @Schema(description = "Its lease has not ended: switches wait for it")
            boolean live,

            @Schema(description = "Of the state document that it serves by")
            long revision,

            @Schema(description = "How many revisions it is behind; below 0 when this control plane is behind it")
            long lag,

            @Nullable String checksum,
            List<RefusedEntry> refused,
            Instant lastSeen,
            Instant leaseUntil,
            Instant firstSeen) {}

    @Schema(name = "Worker", description = "A worker as its fleet last reported it")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WorkerView(
            @Schema(example = "w-egmgtehgn3") String id,
            WorkerState state,

            @Schema(description = "What it works for; null while it waits unassigned", example = "fraud-detection")
            @Nullable
            String endpoint,

            @Schema(example = "blue") @Nullable String color,
            @Schema(example = "1") @Nullable String version,
            @Nullable String digest,
            long pid,
            Instant startedAt,

            @Schema(description = "Resident memory of its process, measured") @Nullable
            WorkerMemory memory,

            @Schema(description = "What its way to ready took, by phase") @Nullable
            ColdStart coldStart,

            @Schema(example = "fleet-1") String fleet,
            @Schema(example = "local") String region,

            @Schema(description = "The fleet's lease has not ended")
            boolean fleetLive) {
        static WorkerView of(WorkerFact worker, @Nullable Placement placement, Member fleet) {
            Optional<Placement> place = Optional.ofNullable(placement);
            return new WorkerView(
                    worker.id(),
                    worker.state(),
                    place.map(Placement::endpoint).orElse(null),
                    place.map(found -> found.environment().color().lowerCase()).orElse(null),
                    // The environment may hold another version by now: the digest tells what this worker runs
                    place.map(Placement::environment)
                            .filter(environment -> environment.digest().equals(worker.digest()))
                            .map(EnvironmentState::version)
                            .orElse(null),
                    worker.digest(),
                    worker.pid(),
                    worker.startedAt(),
                    worker.memory(),
                    worker.coldStart(),
                    fleet.id(),
                    fleet.region(),
                    fleet.live());
        }
    }

    @Schema(name = "Fleet", description = "A fleet as it last reported")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FleetView(
            @Schema(example = "fleet-1") String id,
            String region,
            String address,
            String software,
            boolean live,
            long revision,
            long lag,
            Instant lastSeen,
            Instant leaseUntil,
            List<EnvironmentFact> environments) {}

    record Gateways(List<GatewayView> items) {}

    record Workers(List<WorkerView> items, List<FleetView> fleets) {}

    @GetMapping("/gateways")
    @Operation(
            summary = "List gateways",
            description =
                    "With the revision that each serves by, how far behind that is, and until when it counts as live.")
    Gateways gateways() {
        return new Gateways(members.all(MemberKind.GATEWAY).stream()
                .map(member -> new GatewayView(
                        member.id(),
                        member.region(),
                        member.report().address(),
                        member.report().software(),
                        member.live(),
                        member.report().revision(),
                        routing.revision(member.region()) - member.report().revision(),
                        member.report().checksum(),
                        member.report().refused(),
                        member.lastSeen(),
                        member.leaseUntil(),
                        member.firstSeen()))
                .toList());
    }

    @GetMapping("/workers")
    @Operation(
            summary = "List workers and the fleets that run them",
            description = "State, version, measured memory and cold start of each worker.")
    Workers workers() {
        List<Member> fleets = members.all(MemberKind.FLEET);
        return new Workers(
                fleets.stream().flatMap(this::workersOf).toList(),
                fleets.stream()
                        .map(fleet -> new FleetView(
                                fleet.id(),
                                fleet.region(),
                                fleet.report().address(),
                                fleet.report().software(),
                                fleet.live(),
                                fleet.report().revision(),
                                routing.revision(fleet.region())
                                        - fleet.report().revision(),
                                fleet.lastSeen(),
                                fleet.leaseUntil(),
                                fleet.report().environments()))
                        .toList());
    }

    private Stream<WorkerView> workersOf(Member fleet) {
        Map<String, Placement> placements = routing.placements(fleet.region());
        return fleet.report().workers().stream()
                .map(worker -> WorkerView.of(worker, placementOf(worker, placements), fleet));
    }

    private static @Nullable Placement placementOf(WorkerFact worker, Map<String, Placement> placements) {
        return worker.environment() == null ? null : placements.get(worker.environment());
    }
}
