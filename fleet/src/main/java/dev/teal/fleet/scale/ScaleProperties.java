package dev.teal.fleet.scale;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When demand counts as missing.
 *
 * @param silentAfter a gateway not heard for this long holds the scale where it was
 * @param forgetAfter a gateway not heard for this long is gone and holds nothing
 */
@Validated
@ConfigurationProperties("fleet.scale")
record ScaleProperties(
        @DefaultValue("5s") @DurationMin(millis = 100) Duration silentAfter,
        @DefaultValue("60s") @DurationMin(millis = 100) Duration forgetAfter) {}
