package dev.teal.fleet.cell;

import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.StateFile;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CellConfiguration {

    @Bean
    InstantSource time() {
        return InstantSource.system();
    }

    @Bean
    CellKey cellKey(CellProperties properties) throws IOException {
        return CellKey.read(properties.keyFile());
    }

    @Bean
    FilterRegistrationBean<CellKeyFilter> cellKeyFilter(CellKey key) {
        return new FilterRegistrationBean<>(new CellKeyFilter(key));
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter() {
        return new FilterRegistrationBean<>(new BodyLimitFilter());
    }

    @Bean
    StateDirectory stateDirectory(CellProperties properties) throws IOException {
        return StateDirectory.hold(properties.stateDirectory());
    }

    @Bean
    ControlPlane controlPlane(CellProperties properties, CellKey key) {
        return new ControlPlane(properties.controlPlane(), properties.region(), key.value());
    }

    @Bean
    StateFile stateFile(StateDirectory directory) throws IOException {
        return new StateFile(directory.path());
    }
}
