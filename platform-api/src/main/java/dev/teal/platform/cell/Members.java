package dev.teal.platform.cell;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.MemberReply;
import dev.teal.protocol.cell.MemberReport;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who is in the cells, as last reported. */
@Component
public class Members {
    static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration FRESH = Duration.ofSeconds(15);

    private final JdbcClient database;
    private final ApplicationEventPublisher events;
    private final MeterRegistry meters;
    private final Map<String, Object> lastNews = new ConcurrentHashMap<>();

    Members(JdbcClient database, ApplicationEventPublisher events, MeterRegistry meters) {
        this.meters = meters;
        this.database = database;
        this.events = events;
    }

    /** Everything but the counts: those are looked at in their own time. */
    private record News(String instance, long revision, Object prepared, Object refused, Object environments) {}

    void report(String region, String id, MemberReport report) {
        int taken = database.sql("""
                        insert into cell_member as m (region, id, kind, instance, sequence, address, software, revision, checksum, report,
                                                 first_seen, last_seen, lease_until, live_since)
                        select :region, :id, :kind, :instance, :sequence, :address, :software, :revision, :checksum, :report::jsonb,
                               t.now, t.now, t.now + make_interval(secs => :lease), t.now
                        from (select clock_timestamp() as now) t
                        on conflict (region, id) do update set
                            kind = excluded.kind, instance = excluded.instance, sequence = excluded.sequence, address = excluded.address,
                            software = excluded.software, revision = excluded.revision, checksum = excluded.checksum,
                            report = excluded.report, last_seen = excluded.last_seen, lease_until = excluded.lease_until,
                            live_since = case when m.instance = excluded.instance and m.lease_until >= excluded.last_seen
                                              then m.live_since else excluded.last_seen end
                        where m.instance <> excluded.instance or m.sequence < excluded.sequence""")
                .param("region", region)
                .param("id", id)
                .param("kind", report.kind().name())
                .param("instance", report.instance())
                .param("sequence", report.sequence())
                .param("address", report.address())
                .param("software", report.software())
                .param("revision", report.revision())
                .param("checksum", report.checksum())
                .param("report", Json.MAPPER.writeValueAsString(report))
                .param("lease", LEASE.toSeconds())
                .update();
        meters.counter(
                        "cell.reports",
                        "kind",
                        report.kind().name().toLowerCase(Locale.ROOT),
                        "outcome",
                        taken > 0 ? "taken" : "old")
                .increment();
        News news = new News(
                report.instance(), report.revision(), report.prepared(), report.refused(), report.environments());
        if (taken > 0 && !news.equals(lastNews.put(region + "/" + id, news))) {
            events.publishEvent(new MemberReported(region));
        }
    }

    MemberReply reply(long revision) {
        return new MemberReply(LEASE.toMillis(), revision);
    }

    /** All that ever reported in the region, most recent first. */
    public List<Member> of(String region) {
        return database.sql(SELECT + " where region = :region order by last_seen desc")
                .param("region", region)
                .param("fresh", FRESH.toSeconds())
                .query((row, _) -> member(row))
                .list();
    }

    List<Member> all(MemberKind kind) {
        return database.sql(SELECT + " where kind = :kind order by region, id")
                .param("kind", kind.name())
                .param("fresh", FRESH.toSeconds())
                .query((row, _) -> member(row))
                .list();
    }

    private static final String SELECT = """
            select *, lease_until > clock_timestamp() as live,
                   last_seen > clock_timestamp() - make_interval(secs => :fresh) as fresh
            from cell_member""";

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                row.getString("region"),
                row.getString("id"),
                Json.MAPPER.readValue(row.getString("report"), MemberReport.class),
                instant(row, "first_seen"),
                instant(row, "last_seen"),
                instant(row, "lease_until"),
                instant(row, "live_since"),
                row.getBoolean("live"),
                row.getBoolean("fresh"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }
}
