package dev.teal.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.fleet.cache.CacheProperties;
import dev.teal.fleet.worker.WorkerProperties;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class PropertiesTest {

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }

    @Test
    void givenOnlyTheJarTheRestHasDefaults() {
        assertThat(bind("fleet.worker", WorkerProperties.class, Map.of("fleet.worker.jar", "w.jar")))
                .isEqualTo(new WorkerProperties(
                        Path.of("w.jar"),
                        null,
                        null,
                        1,
                        DataSize.ofMegabytes(256),
                        null,
                        List.of(),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(2),
                        DataSize.ofMegabytes(256),
                        DataSize.ofMegabytes(256)));
        assertThat(bind("fleet.cache", CacheProperties.class, Map.of()))
                .isEqualTo(new CacheProperties(
                        DataSize.ofGigabytes(20), Duration.ofMinutes(10), 2, Duration.ofSeconds(5)));
    }

    @Test
    void givenValuesThatCannotBeTheyAreRefused() {
        WorkerProperties negative = bind(
                "fleet.worker", WorkerProperties.class, Map.of("fleet.worker.jar", "w.jar", "fleet.worker.pool", "-1"));

        assertThat(Validation.buildDefaultValidatorFactory().getValidator().validate(negative))
                .extracting(ConstraintViolation::getPropertyPath)
                .extracting(Object::toString)
                .containsExactly("pool");
        assertThatThrownBy(() -> bind("fleet.worker", WorkerProperties.class, Map.of("fleet.worker.heap", "much")))
                .isInstanceOf(BindException.class);
    }
}
