package dev.teal.fleet.wake;

import dev.teal.fleet.run.Wishes;
import dev.teal.fleet.run.Workers;
import dev.teal.protocol.cell.CellMember;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WakeConfiguration {

    @Bean
    Wakes wakes(CellMember member, Workers workers, Wishes wishes, MeterRegistry meters) {
        return new Wakes(member, workers, wishes, meters);
    }
}
