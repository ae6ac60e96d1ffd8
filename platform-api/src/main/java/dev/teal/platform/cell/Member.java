package dev.teal.platform.cell;

import dev.teal.protocol.cell.MemberReport;
import java.time.Instant;

/**
 * A gateway or fleet as it last reported. All judged by the database's clock.
 *
 * @param live its lease has not ended
 * @param fresh it reported within the last 15 s: young enough to prove something
 * @param liveSince since when its lease has not lapsed
 */
public record Member(
        String region,
        String id,
        MemberReport report,
        Instant firstSeen,
        Instant lastSeen,
        Instant leaseUntil,
        Instant liveSince,
        boolean live,
        boolean fresh) {}
