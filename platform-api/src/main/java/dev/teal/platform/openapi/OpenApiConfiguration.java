package dev.teal.platform.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/** What all calls have in common: the key, the idempotency key of changes, and how they are refused. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    private static final String KEY = "key";
    private static final Set<RequestMethod> READING = Set.of(RequestMethod.GET, RequestMethod.HEAD);

    @Bean
    OpenAPI teal() {
        return new OpenAPI()
                .info(new Info()
                        .title("Teal control plane")
                        .version("v1")
                        .description(
                                "Register models, serve them under stable names, and replace them without anybody noticing. "
                                        + "Press Authorize and paste a key: the first admin key is in the file that the start of Teal names. "
                                        + "Every refusal is a problem document; its `type` leads to an explanation.")
                        .license(new License().name("Apache-2.0")))
                .addSecurityItem(new SecurityRequirement().addList(KEY))
                .components(new Components()
                        .addSecuritySchemes(
                                KEY,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("teal_<id>_<secret>"))
                        .addSchemas("Problem", problem()));
    }

    private static Schema<?> problem() {
        return new ObjectSchema()
                .description("RFC 9457, with further members as the `code` wants them")
                .addProperty("type", new StringSchema())
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty("code", new StringSchema())
                .addProperty("requestId", new StringSchema())
                .additionalProperties(true);
    }

    @Bean
    OperationCustomizer commonToAll() {
        return (operation, handler) -> {
            RequestMapping mapping =
                    AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), RequestMapping.class);
            boolean reads = mapping != null && Set.of(mapping.method()).stream().allMatch(READING::contains);
            CommonParameters.describe(operation);
            refusals(reads).forEach((status, when) -> refusal(operation, status, when));
            if (!reads) {
                operation.addParametersItem(CommonParameters.idempotencyKey());
            }
            return operation;
        };
    }

    private static Map<String, String> refusals(boolean reads) {
        Map<String, String> always = Map.of(
                "400", "The request can't be read",
                "401", "No valid key",
                "403", "The key's role does not allow it",
                "404", "No such thing",
                "422", "A value is against a rule",
                "503", "The database does not answer; try again after `Retry-After` seconds");
        if (reads) {
            return always;
        }
        Map<String, String> changes = new TreeMap<>(always);
        changes.put("409", "Not in the state that things are in");
        changes.put("413", "More bytes than are taken");
        changes.put("415", "The wrong content type");
        return changes;
    }

    private static void refusal(Operation operation, String status, String when) {
        if (!operation.getResponses().containsKey(status)) {
            operation
                    .getResponses()
                    .addApiResponse(
                            status,
                            new ApiResponse()
                                    .description(when)
                                    .content(new Content()
                                            .addMediaType(
                                                    "application/problem+json",
                                                    new MediaType()
                                                            .schema(new Schema<>()
                                                                    .$ref("#/components/schemas/Problem")))));
        }
    }
}
