package dev.teal.platform.problem;

import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /problems/<slug>}: where a problem's type leads, out of {@code docs/problems.md}. */
@Hidden
@RestController
class ProblemPages {
    private static final String HEADING = "### ";
    private static final MediaType MARKDOWN = new MediaType("text", "markdown", StandardCharsets.UTF_8);

    private final Map<String, String> pages;

    ProblemPages() throws IOException {
        try (InputStream file = ProblemPages.class.getResourceAsStream("/problems.md")) {
            if (file == null) {
                throw new IOException("docs/problems.md is not in this build");
            }
            pages = sections(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @GetMapping("/problems/{slug}")
    ResponseEntity<String> page(@PathVariable String slug) {
        String page = pages.get(slug);
        if (page == null) {
            throw new UnknownProblem(slug);
        }
        return ResponseEntity.ok().contentType(MARKDOWN).body(page);
    }

    Map<String, String> pages() {
        return pages;
    }

    static Map<String, String> sections(String markdown) {
        Map<String, String> sections = new LinkedHashMap<>();
        String[] parts = markdown.split("(?m)^(?=#{1,3} )");
        for (String part : parts) {
            if (part.startsWith(HEADING)) {
                String slug =
                        part.substring(HEADING.length(), part.indexOf('\n')).trim();
                sections.put(slug, "# " + part.substring(HEADING.length()).strip() + "\n");
            }
        }
        return sections;
    }
}
