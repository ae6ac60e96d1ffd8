package dev.teal.platform;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The control plane as a program. It starts and answers 503 while its database is away, and works once that is there. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class PlatformApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(PlatformApplication.class, arguments);
    }

    /** Also the {@link java.time.InstantSource} of everything here; in microseconds, as the database keeps them, so that a time reads back as written. */
    @Bean
    Clock clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
    }

    /** Fit for secrets, so fit for everything. */
    @Bean
    RandomGenerator randomGenerator() {
        return new SecureRandom();
    }
}
