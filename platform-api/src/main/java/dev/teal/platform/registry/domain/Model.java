package dev.teal.platform.registry.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A name that versions are registered under. @param latestVersion the one registered last, or null */
public record Model(
        String name, String description, @Nullable String latestVersion, Instant createdAt, String createdBy) {}
