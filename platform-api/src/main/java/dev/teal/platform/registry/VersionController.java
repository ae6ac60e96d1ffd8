package dev.teal.platform.registry;

import dev.teal.platform.change.Changes;
import dev.teal.platform.registry.Registration.Checked;
import dev.teal.platform.registry.Registration.Registered;
import dev.teal.platform.registry.domain.ModelVersion;
import dev.teal.platform.registry.domain.NoSamples;
import dev.teal.platform.registry.domain.UnknownModel;
import dev.teal.platform.registry.domain.VersionMetadata;
import dev.teal.platform.registry.store.ContentStore;
import dev.teal.platform.registry.store.Draft;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Encoding;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Versions of a model: an artifact, what it takes and gives, and the samples that prove it. */
@Tag(name = "Models")
@RestController
@RequestMapping("/api/v1/models/{model}/versions")
class VersionController {
    private final Registration registration;
    private final Registry registry;
    private final VersionRows rows;
    private final ContentStore store;
    private final ArtifactProperties limits;
    private final Changes changes;
    private final JsonMapper json;

    VersionController(
            Registration registration,
            Registry registry,
            VersionRows rows,
            ContentStore store,
            ArtifactProperties limits,
            Changes changes,
            JsonMapper json) {
        this.registration = registration;
        this.registry = registry;
        this.rows = rows;
        this.store = store;
        this.limits = limits;
        this.changes = changes;
        this.json = json;
    }

    /** What the parts hold; for the description alone, as the body is streamed. */
    @Schema(name = "VersionUpload")
    record VersionUpload(
            @Schema(type = "string", format = "binary", description = "The .onnx file, weights inside")
            String artifact,

            @Schema(description = "`version` (left out: the next number), `description`, `labels`", nullable = true)
            @Nullable
            VersionMetadata metadata,

            @Schema(
                    type = "string",
                    format = "binary",
                    description =
                            "JSON array of golden samples: `[{\"inputs\": […], \"outputs\": […], \"tolerance\": {\"rtol\": 1e-5, \"atol\": 1e-6}}]`",
                    nullable = true)
            @Nullable
            String samples,

            @Schema(
                    type = "string",
                    format = "binary",
                    description =
                            "Triton's `config.pbtxt`, 64 KiB at most: batch size, batching, labels, warm-up. It must fit the file; "
                                    + "`notes` of the answer say what of it does not apply",
                    nullable = true)
            @Nullable
            String config,

            @ArraySchema(
                    schema = @Schema(type = "string", format = "binary"),
                    arraySchema =
                            @Schema(
                                    description =
                                            "Files with a label a line, 256 KiB together; an output's `label_filename` names one by its file name",
                                    nullable = true))
            @Nullable
            List<String> labels) {}

    record VersionList(List<ModelVersion> items, @Nullable String next) {}

    @Operation(
            summary = "Register a version",
            description =
                    "Uploads a model as multipart/form-data: `curl -F artifact=@model.onnx -F samples=@samples.json -F 'metadata={\"version\": \"1\"}'`. "
                            + "Its inputs and outputs are read from the file. A version never changes: the same version with the same bytes is answered with 200, "
                            + "with other bytes with 409. A Triton model comes as it is, with `-F config=@config.pbtxt -F labels=@labels.txt`. Golden samples are run at each start of a worker; only if it reproduces them does it get traffic.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                            schema = @Schema(implementation = VersionUpload.class),
                                            encoding =
                                                    @Encoding(
                                                            name = "metadata",
                                                            contentType = MediaType.APPLICATION_JSON_VALUE))))
    @ApiResponse(responseCode = "201", description = "Registered")
    @ApiResponse(responseCode = "200", description = "The same version with the same bytes was there already")
    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<ModelVersion> register(
            @Parameter(description = "The model's name", example = "fraud-detection") @PathVariable String model,
            HttpServletRequest request) {
        // Before half a gigabyte is sent for nothing
        requireModel(model);
        try (UploadedParts parts = UploadedParts.read(request, store, limits)) {
            byte[] metadata = parts.metadata();
            VersionMetadata described = metadata == null
                    ? VersionMetadata.none()
                    // As a tree first: what is no JSON should be told so, and not what its first bracket should be
                    : json.treeToValue(json.readTree(metadata), VersionMetadata.class);
            Checked upload = Registration.check(model, parts);
            boolean kept = false;
            try {
                ResponseEntity<ModelVersion> answer = changes.once(
                        content(described, upload), () -> answer(registration.register(model, described, upload)));
                kept = true;
                return answer;
            } finally {
                if (!kept) {
                    upload.drafts().map(Draft::digest).forEach(registration::forgetUnlessStored);
                }
            }
        }
    }

    private static String content(VersionMetadata metadata, Checked upload) {
        Draft samples = upload.samples();
        return metadata + " " + upload.artifact().digest() + " " + (samples == null ? "" : samples.digest()) + " "
                + (upload.config() == null ? "" : upload.config().config());
    }

    private static ResponseEntity<ModelVersion> answer(Registered registered) {
        ModelVersion version = registered.version();
        URI location = URI.create("/api/v1/models/" + version.model() + "/versions/" + version.version());
        return ResponseEntity.status(registered.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                .location(location)
                .body(version);
    }

    @Operation(
            summary = "List versions",
            description =
                    "Short names first, so numbers come in their order. Send `next` of the answer as `after` for the following page.")
    @GetMapping
    VersionList list(
            @Parameter(description = "The model's name", example = "fraud-detection") @PathVariable String model,
            @Parameter(description = "Only versions after this one", example = "1")
                    @RequestParam(defaultValue = "")
                    @Size(max = 100)
                    String after,
            @Parameter(description = "How many at most", example = "100")
                    @RequestParam(defaultValue = "100")
                    @Min(1)
                    @Max(1000)
                    int limit) {
        requireModel(model);
        List<ModelVersion> found = rows.versions(model, after, limit + 1);
        boolean more = found.size() > limit;
        List<ModelVersion> page = more ? found.subList(0, limit) : found;
        return new VersionList(page, more ? page.getLast().version() : null);
    }

    @Operation(summary = "Get a version", description = "Digest, size, signature, and how many golden samples it has.")
    @GetMapping("/{version}")
    ModelVersion get(
            @Parameter(description = "The model's name", example = "fraud-detection") @PathVariable String model,
            @Parameter(description = "The version", example = "1") @PathVariable String version) {
        return registry.version(model, version);
    }

    @Operation(
            summary = "Download the artifact",
            description = "The file as it was uploaded. `ETag` is its digest; ranges work.")
    @ApiResponse(
            responseCode = "200",
            description = "The .onnx file",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    @GetMapping(value = "/{version}/artifact", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    ResponseEntity<Resource> artifact(
            @Parameter(description = "The model's name", example = "fraud-detection") @PathVariable String model,
            @Parameter(description = "The version", example = "1") @PathVariable String version) {
        ModelVersion found = registry.version(model, version);
        return download(found.digest(), model + "-" + version + ".onnx", MediaType.APPLICATION_OCTET_STREAM);
    }

    @Operation(
            summary = "Download the golden samples",
            description = "The JSON as it was uploaded. `ETag` is its digest.")
    @ApiResponse(
            responseCode = "200",
            description = "The samples",
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "array")))
    @GetMapping(value = "/{version}/samples", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Resource> samples(
            @Parameter(description = "The model's name", example = "fraud-detection") @PathVariable String model,
            @Parameter(description = "The version", example = "1") @PathVariable String version) {
        String digest = registry.version(model, version).samplesDigest();
        if (digest == null) {
            throw new NoSamples(model, version);
        }
        return download(digest, model + "-" + version + ".samples.json", MediaType.APPLICATION_JSON);
    }

    private ResponseEntity<Resource> download(String digest, String fileName, MediaType type) {
        return ResponseEntity.ok()
                .eTag('"' + digest + '"')
                .contentType(type)
                .header("Content-Disposition", "attachment; filename=\"" + fileName + "\"")
                .body(registry.open(digest));
    }

    private void requireModel(String model) {
        if (rows.model(model).isEmpty()) {
            throw new UnknownModel(model);
        }
    }
}
