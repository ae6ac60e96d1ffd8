package dev.teal.platform.access;

import dev.teal.platform.audit.AuditLog;
import dev.teal.platform.problem.domain.Refused;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Changes that were not allowed, for the audit log; bounded, so that knocking at the door does not fill the house. */
@Component
class Denials {
    private static final Logger log = LoggerFactory.getLogger(Denials.class);
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final int LONGEST_PATH = 200;
    /** Audited at most, all callers together; the rest is only counted. */
    private static final int PER_SECOND = 10;

    private final AuditLog audit;
    private final MeterRegistry meters;
    private long second;
    private int inSecond;

    Denials(AuditLog audit, MeterRegistry meters) {
        this.audit = audit;
        this.meters = meters;
    }

    void record(HttpServletRequest request, Refused refused) {
        meters.counter("access.denied", "error.type", refused.slug()).increment();
        if (READING.contains(request.getMethod()) || !mayAudit()) {
            return;
        }
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("method", request.getMethod());
        detail.put("reason", refused.detail());
        if (refused instanceof KeyRefused key) {
            key.keyId().ifPresent(id -> detail.put("key", id));
        }
        try {
            audit.denied("access.deny", shortened(request.getRequestURI()), detail);
        } catch (DataAccessException | TransactionException e) {
            // Nothing was changed, so refusing does not wait for the log
            log.atWarn().addKeyValue("cause", String.valueOf(e.getMessage())).log("Denied change could not be audited");
        }
    }

    private synchronized boolean mayAudit() {
        long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (now != second) {
            second = now;
            inSecond = 0;
        }
        return ++inSecond <= PER_SECOND;
    }

    private static String shortened(String path) {
        return path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) : path;
    }
}
