package dev.teal.fleet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class FleetApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(FleetApplication.class, arguments);
    }
}
