package dev.teal.fleet.cache;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The cell's artifact cache.
 *
 * @param capacity of all files together; least recently used go first, those that the state document names never
 * @param fetchLimit longest time that one fetch may take
 * @param prefetches fetches ahead of need that run at once
 * @param prefetchEvery how often a fetch ahead of need that failed is tried again
 */
@Validated
@ConfigurationProperties("fleet.cache")
public record CacheProperties(
        @DefaultValue("20GB") DataSize capacity,
        @DefaultValue("10m") @DurationMin(millis = 100) Duration fetchLimit,
        @DefaultValue("2") @Min(1) @Max(16) int prefetches,
        @DefaultValue("5s") @DurationMin(millis = 100) Duration prefetchEvery) {}
