package dev.teal.platform.endpoint;

import dev.teal.platform.change.Changes;
import dev.teal.platform.rollout.EndpointRow;
import dev.teal.platform.rollout.EndpointRows;
import dev.teal.platform.rollout.UnknownEndpoint;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/endpoints")
@Tag(name = "Endpoints", description = "Stable names that clients call, each with a blue and a green environment")
class EndpointController {
    private static final int LARGEST_PAGE = 200;

    private final Changes changes;
    private final Endpoints endpoints;
    private final EndpointRows rows;
    private final EndpointViews views;

    EndpointController(Changes changes, Endpoints endpoints, EndpointRows rows, EndpointViews views) {
        this.changes = changes;
        this.endpoints = endpoints;
        this.rows = rows;
        this.views = views;
    }

    @Schema(description = "One page, by name")
    record EndpointPage(
            List<EndpointView> items,

            @Schema(description = "Pass as after for the next page; null at the end") @Nullable
            String next) {}

    @PutMapping("/{endpoint}")
    @Operation(
            summary = "Declare an endpoint",
            description =
                    "Creates it, brings the version up in blue and makes it active once proven; or changes it: another version is a rollout with "
                            + "defaults, another configuration holds for both colors at once. The same declaration again changes nothing.")
    @ApiResponse(responseCode = "200", description = "As declared, or a rollout towards it is named in openRollout")
    @ApiResponse(responseCode = "201", description = "Created; its first rollout is named in openRollout")
    @ApiResponse(
            responseCode = "409",
            description = "ROLLOUT_IN_PROGRESS, QUARANTINED_VERSION, ENDPOINT_IS_FIXED (model or region)")
    @ApiResponse(responseCode = "412", description = "STALE_VERSION")
    @ApiResponse(responseCode = "422", description = "INVALID_ENDPOINT, VERSION_NOT_REGISTERED, SIGNATURE_INCOMPATIBLE")
    ResponseEntity<EndpointView> put(
            @PathVariable String endpoint,
            @RequestBody EndpointRequest request,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return changes.once(() -> {
            boolean created = endpoints.declare(endpoint, request, ifMatch);
            EndpointRow row = rows.find(endpoint).orElseThrow();
            ResponseEntity.BodyBuilder answer =
                    created ? ResponseEntity.created(URI.create("/api/v1/endpoints/" + endpoint)) : ResponseEntity.ok();
            return answer.header(HttpHeaders.ETAG, tag(row)).body(views.of(row));
        });
    }

    @GetMapping("/{endpoint}")
    @Operation(
            summary = "See an endpoint",
            description = "Route, both environments with their workers, open rollout, rollback target, addresses.")
    @ApiResponse(responseCode = "200", description = "ETag is the generation")
    @ApiResponse(responseCode = "404", description = "UNKNOWN_ENDPOINT")
    ResponseEntity<EndpointView> get(@PathVariable String endpoint) {
        EndpointRow row = rows.find(endpoint).orElseThrow(() -> new UnknownEndpoint(endpoint));
        return ResponseEntity.ok().header(HttpHeaders.ETAG, tag(row)).body(views.of(row));
    }

    @GetMapping
    @Operation(
            summary = "List endpoints",
            description =
                    "In the order of their names. Send `next` of the answer as `after` for the following page; it is null at the end.")
    EndpointPage list(
            @Parameter(description = "Only endpoints after this name", example = "fraud-detection")
                    @RequestParam(defaultValue = "")
                    String after,
            @Parameter(description = "How many at most, 1 to 200", example = "50") @RequestParam(defaultValue = "50")
                    int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new InvalidEndpoint("limit must be 1 to " + LARGEST_PAGE + ", got " + limit);
        }
        List<EndpointRow> page = rows.page(after, limit + 1);
        boolean more = page.size() > limit;
        List<EndpointRow> shown = more ? page.subList(0, limit) : page;
        return new EndpointPage(
                shown.stream().map(views::of).toList(), more ? shown.getLast().name() : null);
    }

    @DeleteMapping("/{endpoint}")
    @Operation(
            summary = "Delete an endpoint",
            description =
                    "Gives up a rollout that has not switched. Workers finish what they hold. An endpoint of the same name later goes on with "
                            + "higher generations.")
    @ApiResponse(responseCode = "204", description = "Gone")
    @ApiResponse(responseCode = "409", description = "ROLLOUT_IN_PROGRESS: live traffic is moving")
    ResponseEntity<Void> delete(
            @PathVariable String endpoint,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return changes.once(() -> {
            endpoints.delete(endpoint, ifMatch);
            return ResponseEntity.noContent().build();
        });
    }

    private static String tag(EndpointRow row) {
        return "\"" + row.generation() + "\"";
    }
}
