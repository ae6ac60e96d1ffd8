package dev.teal.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.cli.terminal.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortsTest {
    private final List<String> notes = new ArrayList<>();

    @Test
    void givenAllAreFreeTheDefaultsAreChosen() {
        Ports ports = Ports.choose(Map.of(), Map.of(), port -> true, notes::add);

        assertThat(ports.of(Port.API)).isEqualTo(8080);
        assertThat(ports.of(Port.INFERENCE)).isEqualTo(8000);
        assertThat(ports.of(Port.INFERENCE_GRPC)).isEqualTo(8001);
        assertThat(notes).isEmpty();
    }

    @Test
    void givenATakenPublicDefaultItIsRefusedWithFlagAndVariable() {
        assertThatThrownBy(() -> Ports.choose(Map.of(), Map.of(), port -> port != 8000, notes::add))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.exitCode()).isEqualTo(2))
                .hasMessageContaining("Port 8000, for inference, is taken")
                .hasMessageContaining("./teal up --inference-port 18000")
                .hasMessageContaining("TEAL_INFERENCE_PORT=18000");
    }

    @Test
    void givenATakenInnerDefaultAnotherIsChosenAndSaid() {
        Ports ports = Ports.choose(Map.of(), Map.of(), port -> port != 9010, notes::add);

        assertThat(ports.of(Port.FLEET_MANAGEMENT)).isNotEqualTo(9010).isPositive();
        assertThat(notes).singleElement().asString().contains("Port 9010").contains("--fleet-management-port");
    }

    @Test
    void givenATakenInnerPortThatWasAskedForItIsRefused() {
        assertThatThrownBy(() -> Ports.choose(Map.of(Port.FLEET, 7777), Map.of(), port -> port != 7777, notes::add))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("--fleet-port");
    }

    @Test
    void givenTheSamePortTwiceItIsRefused() {
        assertThatThrownBy(() -> Ports.choose(Map.of(Port.INFERENCE, 8080), Map.of(), port -> true, notes::add))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("taken for the API and Swagger UI of this Teal");
    }

    @Test
    void givenPartsOfTheLastRunAreThereItsPortsStay() {
        Ports ports = Ports.choose(Map.of(), Map.of(Port.FLEET, 7777), port -> true, notes::add);

        assertThat(ports.of(Port.FLEET)).isEqualTo(7777);
    }
}
