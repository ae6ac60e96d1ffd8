package dev.teal.fleet.wake;

import dev.teal.fleet.run.NotWoken;
import dev.teal.fleet.run.Wishes;
import dev.teal.fleet.run.Workers;
import dev.teal.protocol.cell.CellMember;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.WorkerAddress;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Answers a gateway that needs a worker. */
final class Wakes {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final CellMember member;
    private final Workers workers;
    private final Wishes wishes;
    private final MeterRegistry meters;

    Wakes(CellMember member, Workers workers, Wishes wishes, MeterRegistry meters) {
        this.member = member;
        this.workers = workers;
        this.wishes = wishes;
        this.meters = meters;
    }

    WorkerAddress wake(String id, String digest, Duration deadline)
            throws UnknownEnvironment, OtherDigest, NotWoken, InterruptedException {
        try {
            requireWanted(id, digest);
            WorkerAddress address = ready(id, digest).orElse(null);
            if (address == null) {
                address = wishes.await(id, digest, deadline.compareTo(LONGEST) < 0 ? deadline : LONGEST);
                count("woken");
            } else {
                count("ready");
            }
            return address;
        } catch (NotWoken e) {
            count(e.outcome().name().toLowerCase(Locale.ROOT));
            throw e;
        } catch (UnknownEnvironment | OtherDigest e) {
            count("refused");
            throw e;
        }
    }

    private void requireWanted(String id, String digest) throws UnknownEnvironment, OtherDigest {
        EnvironmentState wanted = member.state().endpoints().stream()
                .flatMap(endpoint -> endpoint.environments())
                .filter(environment ->
                        environment.id().equals(id) && environment.phase().runs())
                .findFirst()
                .orElseThrow(() -> new UnknownEnvironment(id));
        if (!wanted.digest().equals(digest)) {
            throw new OtherDigest(id, digest, wanted.digest());
        }
    }

    private Optional<WorkerAddress> ready(String id, String digest) {
        return workers.ready().stream()
                .filter(address ->
                        address.environment().equals(id) && address.digest().equals(digest))
                .findFirst();
    }

    private void count(String outcome) {
        meters.counter("fleet.wakes", "outcome", outcome).increment();
    }
}
