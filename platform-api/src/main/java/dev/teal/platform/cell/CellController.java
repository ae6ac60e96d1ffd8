package dev.teal.platform.cell;

import dev.teal.platform.access.CellProperties;
import dev.teal.platform.routing.Routing;
import dev.teal.protocol.cell.MemberReply;
import dev.teal.protocol.cell.MemberReport;
import dev.teal.protocol.cell.StateUpdate;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What cells call, each with the cell key. All connections are opened by the cell. */
@Hidden
@RestController
@RequestMapping("/cell/v1/{region}")
class CellController {
    private static final Duration LONGEST_POLL = Duration.ofSeconds(20);
    private static final int LONGEST_ID = 100;

    private final Routing routing;
    private final Members members;
    private final CellProperties cells;
    private final VerifiedObjects objects;

    CellController(Routing routing, Members members, CellProperties cells, VerifiedObjects objects) {
        this.objects = objects;
        this.routing = routing;
        this.members = members;
        this.cells = cells;
    }

    @GetMapping("/state")
    StateUpdate state(@PathVariable String region, @RequestParam(defaultValue = "0") long after)
            throws InterruptedException {
        check(region);
        return routing.update(region, Math.max(0, after), LONGEST_POLL);
    }

    @PostMapping("/members/{id}")
    MemberReply report(@PathVariable String region, @PathVariable String id, @RequestBody MemberReport report) {
        check(region);
        if (id.length() > LONGEST_ID) {
            throw new InvalidReport("a member's id has " + LONGEST_ID + " characters at most, got " + id.length());
        }
        requireFilled("kind", report.kind());
        requireFilled("instance", report.instance());
        requireFilled("software", report.software());
        requireFilled("address", report.address());
        members.report(region, id, report);
        return members.reply(routing.revision(region));
    }

    /** Artifacts and golden samples lie in one store, each under its digest. */
    @GetMapping({"/artifacts/{digest}", "/samples/{digest}"})
    ResponseEntity<Resource> object(@PathVariable String region, @PathVariable String digest) throws IOException {
        check(region);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .eTag("\"" + digest + "\"")
                .body(objects.open(digest));
    }

    /** JSON knows nothing of what may be null here. */
    private static void requireFilled(String field, @Nullable Object value) {
        if (value == null) {
            throw new InvalidReport("a member's report needs the field '" + field + "'");
        }
    }

    private void check(String region) {
        if (!cells.regions().contains(region)) {
            throw new UnknownRegion(region);
        }
    }
}
