package dev.teal.platform.rollout;

import dev.teal.protocol.Json;
import dev.teal.protocol.oip.ModelSignature;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a rollout must know of a registered version before it begins. */
@Component
class Versions {
    private final JdbcClient database;

    Versions(JdbcClient database) {
        this.database = database;
    }

    record Version(String digest, ModelSignature signature) {}

    Version require(String model, String version) {
        return database.sql("select digest, signature from model_version where model = :model and version = :version")
                .param("model", model)
                .param("version", version)
                .query((row, _) -> new Version(
                        row.getString("digest"),
                        Json.MAPPER.readValue(row.getString("signature"), ModelSignature.class)))
                .optional()
                .orElseThrow(() -> new VersionNotRegistered(model, version));
    }
}
