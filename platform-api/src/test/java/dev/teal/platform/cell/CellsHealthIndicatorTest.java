package dev.teal.platform.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.PlatformServer;
import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.MemberReport;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class CellsHealthIndicatorTest {
    @Test
    void givenALiveMemberIsAheadOfTheDatabaseHealthIsDownUntilItIsNot() throws Exception {
        PlatformServer server = PlatformServer.shared();
        ControlPlane plane = new ControlPlane(URI.create(server.as("").base()), "local", PlatformServer.CELL_KEY);
        CellsHealthIndicator health = server.bean(CellsHealthIndicator.class);

        plane.report("ahead", report(1, 1_000_000_000));
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        plane.report("ahead", report(2, 0));

        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    private static MemberReport report(long sequence, long revision) {
        return new MemberReport(
                MemberKind.GATEWAY,
                "instance",
                sequence,
                "test",
                "http://127.0.0.1:1",
                revision,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
