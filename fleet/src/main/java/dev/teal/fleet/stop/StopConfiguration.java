package dev.teal.fleet.stop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StopConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Exit exit(ApplicationContext context) {
        return () -> System.exit(SpringApplication.exit(context));
    }
}
