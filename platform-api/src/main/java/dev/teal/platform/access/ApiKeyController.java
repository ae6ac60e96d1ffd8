package dev.teal.platform.access;

import dev.teal.platform.access.domain.ApiKey;
import dev.teal.platform.access.domain.Role;
import dev.teal.platform.change.Changes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Keys for people, pipelines and callers of endpoints. */
@Tag(name = "API keys", description = "Who may do what. Every call needs a key; each key has one role")
@RestController
@RequestMapping("/api/v1/api-keys")
class ApiKeyController {
    private final ApiKeys keys;
    private final Changes changes;

    ApiKeyController(ApiKeys keys, Changes changes) {
        this.keys = keys;
        this.changes = changes;
    }

    @Schema(name = "ApiKeyRequest", example = """
            {"name": "ci of team fraud", "role": "DEPLOYER", "expiresAt": "2027-02-28T00:00:00Z"}""")
    record ApiKeyRequest(
            @NotBlank @Size(max = 100) String name,
            @NotNull Role role,
            @Nullable Instant expiresAt) {}

    /** @param secret the whole key; only in the first answer to its making, null in repetitions */
    @Schema(name = "CreatedApiKey")
    record CreatedApiKey(ApiKey key, @Nullable String secret) {
        CreatedApiKey withoutSecret() {
            return new CreatedApiKey(key, null);
        }
    }

    record ApiKeyList(List<ApiKey> items, @Nullable String next) {}

    @Operation(
            summary = "Make a key",
            description =
                    "The answer holds the key itself in `secret`: keep it, it is shown this once. "
                            + "Roles: VIEWER reads; DEPLOYER also registers models, creates endpoints and rolls out; OPERATOR reads, promotes, aborts and "
                            + "rolls back; ADMIN may do everything here; INFERENCE calls endpoints through the gateway and nothing here.")
    @ApiResponse(responseCode = "201", description = "Made")
    @PostMapping
    ResponseEntity<CreatedApiKey> create(@Valid @RequestBody ApiKeyRequest request) {
        if (request.role() == Role.CELL) {
            throw new InvalidRole();
        }
        return changes.once(
                () -> {
                    ApiKeys.NewKey made = keys.create(request.name(), request.role(), request.expiresAt());
                    return ResponseEntity.created(
                                    URI.create("/api/v1/api-keys/" + made.key().id()))
                            .body(new CreatedApiKey(made.key(), made.text().text()));
                },
                CreatedApiKey::withoutSecret);
    }

    @Operation(
            summary = "List keys",
            description =
                    "In the order of their ids, revoked and expired ones too. Send `next` as `after` for the following page.")
    @GetMapping
    ApiKeyList list(
            @Parameter(description = "Only keys after this id", example = "4fGh1JkLmN0p")
                    @RequestParam(defaultValue = "")
                    @Size(max = 100)
                    String after,
            @Parameter(description = "How many at most", example = "100")
                    @RequestParam(defaultValue = "100")
                    @Min(1)
                    @Max(1000)
                    int limit) {
        List<ApiKey> found = keys.list(after, limit + 1);
        boolean more = found.size() > limit;
        List<ApiKey> page = more ? found.subList(0, limit) : found;
        return new ApiKeyList(page, more ? page.getLast().id() : null);
    }

    @Operation(summary = "Get a key", description = "What is known of it; its secret is not.")
    @GetMapping("/{id}")
    ApiKey get(@Parameter(description = "The key's id", example = "4fGh1JkLmN0p") @PathVariable String id) {
        return keys.get(id);
    }

    @Operation(
            summary = "Revoke a key",
            description =
                    "At once and for good; doing it again changes nothing. The last admin key that does not expire can't be revoked.")
    @ApiResponse(responseCode = "204", description = "Revoked")
    @DeleteMapping("/{id}")
    ResponseEntity<Void> revoke(
            @Parameter(description = "The key's id", example = "4fGh1JkLmN0p") @PathVariable String id) {
        return changes.once(() -> {
            keys.revoke(id);
            return ResponseEntity.noContent().build();
        });
    }
}
