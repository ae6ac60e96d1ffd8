package dev.teal.platform.registry;

import dev.teal.platform.change.Changes;
import dev.teal.platform.registry.domain.Model;
import dev.teal.platform.registry.domain.UnknownModel;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Models: names under which versions are registered. */
@Tag(name = "Models", description = "Models and their immutable versions")
@RestController
@RequestMapping("/api/v1/models")
class ModelController {
    private static final String NAME = "[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?";

    private final Registration registration;
    private final VersionRows rows;
    private final Changes changes;

    ModelController(Registration registration, VersionRows rows, Changes changes) {
        this.registration = registration;
        this.rows = rows;
        this.changes = changes;
    }

    @Schema(name = "ModelRequest", example = """
            {"name": "fraud-detection", "description": "Card payments, one row each"}""")
    record ModelRequest(
            @NotNull
            @Pattern(
                    regexp = NAME,
                    message = "must be 1 to 63 of a-z 0-9 . _ - and begin and end with a letter or digit")
            String name,

            @Nullable @Size(max = 2000) @Pattern(regexp = "[^\\x00]*", message = "must not hold NUL")
            String description) {}

    record ModelList(List<Model> items, @Nullable String next) {}

    @Operation(summary = "Make a model", description = "A name that versions are registered under. It stays for good.")
    @ApiResponse(responseCode = "201", description = "Made")
    @PostMapping
    ResponseEntity<Model> create(@Valid @RequestBody ModelRequest request) {
        return changes.once(() -> {
            String description = request.description();
            Model model = registration.create(request.name(), description == null ? "" : description);
            return ResponseEntity.created(URI.create("/api/v1/models/" + model.name()))
                    .body(model);
        });
    }

    @Operation(
            summary = "List models",
            description =
                    "In the order of their names. Send `next` of the answer as `after` for the following page; it is null at the end.")
    @GetMapping
    ModelList list(
            @Parameter(description = "Only models after this name", example = "fraud-detection")
                    @RequestParam(defaultValue = "")
                    @Size(max = 100)
                    String after,
            @Parameter(description = "How many at most", example = "100")
                    @RequestParam(defaultValue = "100")
                    @Min(1)
                    @Max(1000)
                    int limit) {
        List<Model> found = rows.models(after, limit + 1);
        boolean more = found.size() > limit;
        List<Model> page = more ? found.subList(0, limit) : found;
        return new ModelList(page, more ? page.getLast().name() : null);
    }

    @Operation(summary = "Get a model", description = "With the version that was registered last.")
    @GetMapping("/{model}")
    Model get(@Parameter(description = "The model's name", example = "fraud-detection") @PathVariable String model) {
        return rows.model(model).orElseThrow(() -> new UnknownModel(model));
    }
}
