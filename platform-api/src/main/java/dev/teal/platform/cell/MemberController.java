package dev.teal.platform.cell;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.teal.platform.routing.Routing;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.RefusedEntry;
import dev.teal.protocol.cell.WorkerFact;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
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
            @Schema(example = "fleet-1") String fleet,
            String region,

            @Schema(description = "The fleet's lease has not ended")
            boolean fleetLive,

            WorkerFact worker) {}

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
                fleets.stream()
                        .flatMap(fleet -> fleet.report().workers().stream()
                                .map(worker -> new WorkerView(fleet.id(), fleet.region(), fleet.live(), worker)))
                        .toList(),
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
}
