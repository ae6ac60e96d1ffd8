package dev.teal.platform.json;

import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The description of the API brings a YAML library along, and Spring would then take YAML for a body: without our strictness, as nobody promised. */
@Configuration(proxyBeanMethods = false)
class JsonAlone implements WebMvcConfigurer {
    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.configureMessageConvertersList(JsonAlone::removeYaml);
    }

    private static void removeYaml(List<HttpMessageConverter<?>> converters) {
        converters.removeIf(converter -> converter.getSupportedMediaTypes().stream()
                .anyMatch(type -> type.getSubtype().contains("yaml")));
    }
}
