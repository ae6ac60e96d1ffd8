package dev.teal.platform.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Whole examples of what is sent and answered. They lie as JSON in openapi/, because a record's annotations are no place for a page of it. */
@Component
class SchemaExamples implements OpenApiCustomizer {
    /** By the schema's name in the document; each has a file of that name. */
    static final List<String> EXEMPLIFIED = List.of(
            "EndpointRequest",
            "Endpoint",
            "RolloutRequest",
            "Rollout",
            "Reason",
            "ModelVersion",
            "VersionUpload",
            "Problem");

    @Override
    @SuppressWarnings("rawtypes") // as the library has it
    public void customise(OpenAPI document) {
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        for (String name : EXEMPLIFIED) {
            Schema<?> schema = schemas.get(name);
            if (schema == null) {
                throw new IllegalStateException("there is an example of " + name + ", which no call takes or answers");
            }
            schema.setExample(read(name));
        }
    }

    private static Map<?, ?> read(String name) {
        try (InputStream file = new ClassPathResource("openapi/" + name + ".json").getInputStream()) {
            return JsonMapper.shared().readValue(file, Map.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
