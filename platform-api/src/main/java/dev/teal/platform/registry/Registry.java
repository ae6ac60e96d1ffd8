package dev.teal.platform.registry;

import dev.teal.platform.registry.domain.ModelVersion;
import dev.teal.platform.registry.domain.UnknownModelVersion;
import dev.teal.platform.registry.domain.UnknownObject;
import dev.teal.platform.registry.store.ContentStore;
import dev.teal.protocol.cell.Digests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What other features ask the registry. */
@Component
public class Registry {
    private final VersionRows rows;
    private final ContentStore store;

    Registry(VersionRows rows, ContentStore store) {
        this.rows = rows;
        this.store = store;
    }

    @Transactional(readOnly = true)
    public Optional<ModelVersion> find(String model, String version) {
        return rows.version(model, version);
    }

    /** @throws UnknownModelVersion if there is none */
    @Transactional(readOnly = true)
    public ModelVersion version(String model, String version) {
        return rows.version(model, version).orElseThrow(() -> new UnknownModelVersion(model, version));
    }

    /**
     * The bytes of an artifact or of golden samples, from disk and without the database: cells fetch also while that is away. A controller may return
     * it as it is, then ranges work too.
     *
     * @throws UnknownObject if the store has no such file
     */
    public Resource open(String digest) {
        if (!Digests.isDigest(digest)) {
            throw new UnknownObject(digest);
        }
        Path file = store.path(digest);
        if (!Files.isRegularFile(file)) {
            throw new UnknownObject(digest);
        }
        return new FileSystemResource(file);
    }
}
