package dev.teal.gateway.forward;

import dev.teal.protocol.oip.ModelStatistics;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the workers of each version were last seen to have done, so that a sum over them never falls: neither when one of them stops, nor when one
 * does not answer this time.
 */
final class SeenStatistics {
    /** So many that are gone stay apart from the sum of all that are: a worker that is missed for a moment must not count twice. */
    private static final int GONE_APART = 32;

    private final Map<Version, Seen> versions = new ConcurrentHashMap<>();

    record Version(String endpoint, String version, String digest) {}

    /** @param there the version's workers that are there now */
    void see(Version version, String worker, ModelStatistics told, Set<String> there) {
        versions.computeIfAbsent(version, Seen::new).see(worker, told, there);
    }

    /** All that is known of; memory is of those alone that are there. */
    ModelStatistics sum(Version version, Set<String> there) {
        Seen seen = versions.get(version);
        return seen == null ? ModelStatistics.none(version.endpoint(), version.version()) : seen.sum(there);
    }

    /** Of versions that are in no environment any more nothing is kept. */
    void keep(Set<Version> served) {
        versions.keySet().retainAll(served);
    }

    private static final class Seen {
        /** In the order of their coming. */
        private final Map<String, ModelStatistics> workers = new LinkedHashMap<>();

        private ModelStatistics gone;

        Seen(Version version) {
            gone = ModelStatistics.none(version.endpoint(), version.version());
        }

        synchronized void see(String worker, ModelStatistics told, Set<String> there) {
            workers.merge(worker, told, ModelStatistics::atLeast);
            long absent =
                    workers.keySet().stream().filter(id -> !there.contains(id)).count();
            Iterator<Map.Entry<String, ModelStatistics>> oldest =
                    workers.entrySet().iterator();
            while (absent > GONE_APART) {
                Map.Entry<String, ModelStatistics> next = oldest.next();
                if (!there.contains(next.getKey())) {
                    gone = gone.plus(next.getValue().withoutMemory());
                    oldest.remove();
                    absent--;
                }
            }
        }

        synchronized ModelStatistics sum(Set<String> there) {
            ModelStatistics sum = gone;
            for (Map.Entry<String, ModelStatistics> worker : workers.entrySet()) {
                ModelStatistics told = worker.getValue();
                sum = sum.plus(there.contains(worker.getKey()) ? told : told.withoutMemory());
            }
            return sum;
        }
    }
}
