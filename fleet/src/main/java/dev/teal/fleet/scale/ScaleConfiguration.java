package dev.teal.fleet.scale;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ScaleConfiguration {

    @Bean
    DemandBook demandBook(ScaleProperties properties) {
        return new DemandBook(properties.silentAfter(), properties.forgetAfter(), System::nanoTime);
    }
}
