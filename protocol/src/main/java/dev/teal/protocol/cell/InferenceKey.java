package dev.teal.protocol.cell;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that may call endpoints. The gateway keeps these, so that it can check callers while the control plane is away.
 *
 * @param id the key's public part
 * @param secretDigest SHA-256 of the secret part (256 random bits, so one hash is enough)
 * @param expiresAt null where it never does
 */
public record InferenceKey(
        String id, String secretDigest, @Nullable Instant expiresAt) {}
