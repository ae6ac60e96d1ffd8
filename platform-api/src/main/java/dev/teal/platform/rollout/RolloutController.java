package dev.teal.platform.rollout;

import dev.teal.platform.change.Changes;
import dev.teal.platform.rollout.RolloutCommands.Answer;
import dev.teal.platform.rollout.domain.Rollout;
import dev.teal.platform.rollout.domain.RolloutState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "Rollouts", description = "Replace an endpoint's version without anybody noticing, and take it back")
class RolloutController {
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?([^,;\\s\"]*)");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final int LARGEST_PAGE = 200;

    private final Changes changes;
    private final RolloutCommands commands;
    private final Rollouts rollouts;
    private final RolloutViews views;
    private final RolloutWaits waits;
    private final EndpointRows endpoints;

    RolloutController(
            Changes changes,
            RolloutCommands commands,
            Rollouts rollouts,
            RolloutViews views,
            RolloutWaits waits,
            EndpointRows endpoints) {
        this.changes = changes;
        this.commands = commands;
        this.rollouts = rollouts;
        this.views = views;
        this.waits = waits;
        this.endpoints = endpoints;
    }

    @Schema(description = "One page, newest first")
    record RolloutPage(
            List<RolloutView> items,

            @Schema(description = "Pass as after for the next page; null at the end") @Nullable
            String next) {}

    @Schema(description = "Why; it goes into the audit log and the rollout")
    record Reason(
            @Schema(example = "wrong answers for customer 7") @Nullable
            String reason) {
        static String of(@Nullable Reason body, String otherwise) {
            if (body == null || body.reason() == null || body.reason().isBlank()) {
                return otherwise;
            }
            if (body.reason().length() > 1_000) {
                throw new InvalidRollout("reason must have 1000 characters or fewer, got "
                        + body.reason().length());
            }
            return body.reason();
        }
    }

    @PostMapping("/endpoints/{endpoint}/rollouts")
    @Operation(
            summary = "Roll a version out",
            description =
                    "Brings the version up in the idle color, proves it there, switches all live traffic in one acknowledged step, "
                            + "watches it, and takes it back by itself when it misbehaves. A quarantined version is rolled out when asked for here.")
    @ApiResponse(responseCode = "201", description = "Begun; follow the Location")
    @ApiResponse(responseCode = "409", description = "ROLLOUT_IN_PROGRESS, VERSION_ALREADY_ACTIVE")
    @ApiResponse(
            responseCode = "412",
            description = "STALE_VERSION: the endpoint's generation is another than If-Match names")
    @ApiResponse(responseCode = "422", description = "SIGNATURE_INCOMPATIBLE, VERSION_NOT_REGISTERED, INVALID_ROLLOUT")
    ResponseEntity<RolloutView> create(
            @PathVariable String endpoint,
            @RequestBody RolloutRequest request,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return changes.once(() -> {
            EndpointRow row = commands.lock(endpoint, ifMatch);
            return created(commands.start(row, request, "asked for"));
        });
    }

    @GetMapping("/endpoints/{endpoint}/rollouts")
    @Operation(
            summary = "List an endpoint's rollouts",
            description =
                    "The newest first. Send `next` of the answer as `after` for the following page; it is null at the end.")
    RolloutPage list(
            @PathVariable String endpoint,
            @Parameter(description = "Only rollouts before this one", example = "0f8fad5b-d9cb-469f-a165-70867728950e")
                    @RequestParam(required = false)
                    @Nullable
                    String after,
            @Parameter(description = "How many at most, 1 to 200", example = "50") @RequestParam(defaultValue = "50")
                    int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new InvalidRollout("limit must be 1 to " + LARGEST_PAGE + ", got " + limit);
        }
        EndpointRow row = endpoints.find(endpoint).orElseThrow(() -> new UnknownEndpoint(endpoint));
        List<RolloutRow> page = rollouts.page(row, after == null ? null : id(after), limit + 1);
        boolean more = page.size() > limit;
        List<RolloutRow> shown = more ? page.subList(0, limit) : page;
        return new RolloutPage(
                shown.stream().map(views::of).toList(),
                more ? shown.getLast().id().toString() : null);
    }

    @GetMapping("/rollouts/{id}")
    @Operation(
            summary = "See a rollout, or wait for it",
            description =
                    "With for=, waits until the rollout is there or as long as Prefer: wait=seconds says (60 at most), and answers 200 either way.")
    ResponseEntity<RolloutView> get(
            @PathVariable String id,
            @Parameter(
                            description =
                                    "held: waits for somebody to promote; switched: every live gateway has the new route; terminal: ended. "
                                            + "Each is also reached when the rollout has ended otherwise",
                            example = "terminal",
                            schema = @Schema(allowableValues = {"held", "switched", "terminal"}))
                    @RequestParam(name = "for", required = false)
                    @Nullable
                    String wanted,
            @Parameter(
                            description =
                                    "`wait=` and whole seconds, with `for`: 60 at most, more is cut to that; without it the answer comes at once",
                            example = "wait=55")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer)
            throws InterruptedException {
        if (wanted == null) {
            return ResponseEntity.ok(views.of(rollouts.find(id(id)).orElseThrow(() -> new UnknownRollout(id))));
        }
        Duration longest = longest(prefer);
        RolloutRow row = waits.await(id(id), reached(wanted), longest);
        return ResponseEntity.ok()
                .header("Preference-Applied", "wait=" + longest.toSeconds())
                .body(views.of(row));
    }

    @PostMapping("/rollouts/{id}/promote")
    @Operation(
            summary = "Switch a held rollout",
            description = "Only while the new version is proven. Promoting what has switched already changes nothing.")
    @ApiResponse(responseCode = "200", description = "Switching")
    @ApiResponse(responseCode = "409", description = "ILLEGAL_TRANSITION: not held, or not proven at this moment")
    ResponseEntity<RolloutView> promote(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return changes.once(() -> ResponseEntity.ok(views.of(commands.promote(id(id), ifMatch))));
    }

    @PostMapping("/rollouts/{id}/abort")
    @Operation(
            summary = "Give a rollout up before its switch",
            description = "The route is never touched. Aborting an aborted one changes nothing.")
    @ApiResponse(responseCode = "200", description = "Aborted")
    @ApiResponse(
            responseCode = "409",
            description = "ILLEGAL_TRANSITION: live traffic has moved already, roll back instead")
    ResponseEntity<RolloutView> abort(
            @PathVariable String id,
            @RequestBody(required = false) @Nullable Reason body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return changes.once(() ->
                ResponseEntity.ok(views.of(commands.abort(id(id), ifMatch, Reason.of(body, "aborted by request")))));
    }

    @PostMapping("/endpoints/{endpoint}/rollback")
    @Operation(
            summary = "Take the last switch back",
            description =
                    "While a rollout switches or bakes, rolls that one back. Afterwards, as long as the former version stands by, begins a "
                            + "rollout of kind ROLLBACK; where the former version is proven, its route is committed before this call answers.")
    @ApiResponse(responseCode = "200", description = "The open rollout is being rolled back")
    @ApiResponse(responseCode = "201", description = "A rollback has begun")
    @ApiResponse(responseCode = "409", description = "NO_ROLLBACK_TARGET, ROLLOUT_IN_PROGRESS")
    ResponseEntity<RolloutView> rollBack(
            @PathVariable String endpoint,
            @RequestBody(required = false) @Nullable Reason body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return changes.once(() -> {
            Answer answer =
                    commands.rollBack(commands.lock(endpoint, ifMatch), Reason.of(body, "rolled back by request"));
            return answer.created() ? created(answer.rollout()) : ResponseEntity.ok(views.of(answer.rollout()));
        });
    }

    @DeleteMapping("/endpoints/{endpoint}/standby")
    @Operation(
            summary = "Retire the standby before its time",
            description = "Frees its workers; there is nothing to roll back to afterwards.")
    @ApiResponse(responseCode = "204", description = "Nothing stands by any more")
    @ApiResponse(responseCode = "409", description = "ROLLOUT_IN_PROGRESS")
    ResponseEntity<Void> retireStandby(
            @PathVariable String endpoint,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return changes.once(() -> {
            commands.retireStandby(commands.lock(endpoint, ifMatch));
            return ResponseEntity.noContent().build();
        });
    }

    private ResponseEntity<RolloutView> created(RolloutRow row) {
        return ResponseEntity.created(URI.create("/api/v1/rollouts/" + row.id()))
                .body(views.of(row));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new UnknownRollout(text);
        }
    }

    private static Predicate<RolloutRow> reached(String wanted) {
        return switch (wanted) {
            case "terminal" -> row -> !row.open();
            case "held" -> row -> !row.open() || row.rollout().state().compareTo(RolloutState.HELD) >= 0;
            case "switched" ->
                row -> !row.open()
                        || row.rollout().state().compareTo(RolloutState.BAKING) >= 0
                                && row.rollout() instanceof Rollout.AfterCommit;
            default -> throw new InvalidRollout("for must be terminal, held or switched, got '" + wanted + "'");
        };
    }

    private static Duration longest(@Nullable String prefer) {
        Matcher matcher = WAIT.matcher(prefer == null ? "" : prefer);
        if (!matcher.find()) {
            return Duration.ZERO;
        }
        String seconds = matcher.group(1);
        if (!SECONDS.matcher(seconds).matches()) {
            // Other preferences may be ignored; who got an answer at once for a mistyped wait would ask in a tight loop
            throw new InvalidRollout("Prefer: wait must be whole seconds, such as wait=55, got '" + seconds + "'");
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }
}
