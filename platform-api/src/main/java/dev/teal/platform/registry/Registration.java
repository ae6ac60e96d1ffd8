package dev.teal.platform.registry;

import dev.teal.platform.audit.AuditLog;
import dev.teal.platform.outbox.Outbox;
import dev.teal.platform.registry.domain.InvalidSamples;
import dev.teal.platform.registry.domain.Model;
import dev.teal.platform.registry.domain.ModelExists;
import dev.teal.platform.registry.domain.ModelVersion;
import dev.teal.platform.registry.domain.UnknownModel;
import dev.teal.platform.registry.domain.VersionExists;
import dev.teal.platform.registry.domain.VersionMetadata;
import dev.teal.platform.registry.store.ContentStore;
import dev.teal.platform.registry.store.Draft;
import dev.teal.platform.registry.triton.ImportedConfig;
import dev.teal.platform.registry.triton.TritonConfig;
import dev.teal.platform.request.RequestContext;
import dev.teal.protocol.oip.GoldenSample;
import dev.teal.protocol.oip.GoldenSamples;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Adds models and versions. */
@Component
class Registration {
    private final VersionRows rows;
    private final ContentStore store;
    private final AuditLog audit;
    private final Outbox outbox;
    private final InstantSource clock;

    Registration(VersionRows rows, ContentStore store, AuditLog audit, Outbox outbox, InstantSource clock) {
        this.rows = rows;
        this.store = store;
        this.audit = audit;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** An upload that has been looked through and holds what it says. */
    record Checked(
            Draft artifact,
            ModelSignature signature,
            @Nullable ImportedConfig config,
            @Nullable Draft samples,
            int samplesCount) {
        Stream<Draft> drafts() {
            return Stream.of(artifact, samples).filter(Objects::nonNull);
        }
    }

    /** @param isNew false where the same version with the same bytes was there */
    record Registered(ModelVersion version, boolean isNew) {}

    @Transactional(propagation = Propagation.MANDATORY)
    public Model create(String name, String description) {
        Model model = new Model(
                name,
                description,
                null,
                clock.instant(),
                RequestContext.current().actor());
        if (!rows.insert(model)) {
            throw new ModelExists(name);
        }
        audit.record("model.create", "models/" + name, Map.of());
        outbox.add("teal.model.created.v1", "models/" + name, model);
        return model;
    }

    /** Everything that needs no database, so that no transaction waits for it. */
    static Checked check(String model, UploadedParts parts) {
        Draft artifact = parts.artifact();
        Draft samples = parts.samples();
        ModelSignature inFile = Inspection.read(artifact.file());
        byte[] text = parts.config();
        ImportedConfig config = text == null ? null : TritonConfig.read(text, parts.labels(), model, inFile);
        ModelSignature signature = config == null ? inFile : config.signature();
        if (samples == null) {
            return new Checked(artifact, signature, config, null, 0);
        }
        try {
            List<GoldenSample> read = GoldenSamples.read(Files.readAllBytes(samples.file()));
            if (read.isEmpty()) {
                return new Checked(artifact, signature, config, null, 0);
            }
            GoldenSamples.requireFit(read, signature);
            return new Checked(artifact, signature, config, samples, read.size());
        } catch (InvalidInference e) {
            throw new InvalidSamples(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files come before the rows, so a row always has its file; a file without a row is deleted when the change fails, or at the next start. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Registered register(String model, VersionMetadata metadata, Checked upload) {
        if (!rows.lock(model)) {
            throw new UnknownModel(model);
        }
        String number = metadata.version() == null ? rows.nextVersion(model) : metadata.version();
        var existing = rows.version(model, number);
        if (existing.isPresent()) {
            requireSame(existing.get(), upload);
            return new Registered(existing.get(), false);
        }
        Instant now = clock.instant();
        // Always in the same order, so that two uploads can't wait for each other
        upload.drafts()
                .sorted((one, other) -> one.digest().compareTo(other.digest()))
                .forEach(draft -> {
                    rows.lockObject(draft.digest());
                    store.keep(draft);
                    rows.insertObject(draft.digest(), draft.bytes(), now);
                });
        ModelVersion version = new ModelVersion(
                model,
                number,
                upload.artifact().digest(),
                upload.artifact().bytes(),
                upload.signature(),
                config(upload),
                upload.config() == null ? List.of() : upload.config().notes(),
                upload.samples() == null ? null : upload.samples().digest(),
                upload.samplesCount(),
                metadata.description() == null ? "" : metadata.description(),
                metadata.labels() == null ? Map.of() : metadata.labels(),
                now,
                RequestContext.current().actor());
        rows.insert(version);
        String object = "models/" + model + "/versions/" + number;
        audit.record(
                "model-version.register",
                object,
                Map.of("digest", version.digest(), "artifactBytes", version.artifactBytes()));
        outbox.add("teal.model-version.registered.v1", object, version);
        return new Registered(version, true);
    }

    private static @Nullable ModelConfig config(Checked upload) {
        return upload.config() == null ? null : upload.config().config();
    }

    private static void requireSame(ModelVersion existing, Checked upload) {
        if (!existing.digest().equals(upload.artifact().digest())) {
            throw new VersionExists(existing, "artifact");
        }
        if (!Objects.equals(existing.config(), config(upload))) {
            throw new VersionExists(existing, "configuration");
        }
        String samplesDigest =
                upload.samples() == null ? null : upload.samples().digest();
        if (!Objects.equals(existing.samplesDigest(), samplesDigest)) {
            throw new VersionExists(existing, "set of golden samples");
        }
    }

    /** Deletes the file if no row wants it. */
    @Transactional
    public void forgetUnlessStored(String digest) {
        rows.lockObject(digest);
        if (rows.objectBytes(digest).isEmpty()) {
            store.delete(digest);
        }
    }
}
