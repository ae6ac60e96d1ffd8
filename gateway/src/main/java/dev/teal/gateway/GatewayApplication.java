package dev.teal.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webflux.autoconfigure.WebFluxObservationAutoConfiguration;

/** Starts a gateway. */
@SpringBootApplication(proxyBeanMethods = false, exclude = WebFluxObservationAutoConfiguration.class)
@ConfigurationPropertiesScan
public class GatewayApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(GatewayApplication.class, arguments);
    }
}
