package dev.teal.cli.local;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The end of a log, without reading all of it. */
final class LogTail {
    private static final int LONGEST_LINE = 300;

    /** Enough for any tail a person asks for; of longer ones the end is shown. */
    private static final int WINDOW_BYTES = 1 << 20;

    private LogTail() {}

    static String of(Path log, int lines) {
        try {
            return String.join(
                    System.lineSeparator(),
                    read(log, lines).stream().map(LogTail::forPeople).toList());
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }

    /** What a structured line says, with its reason; other lines as they are. */
    static String forPeople(String line) {
        String text = line;
        if (line.startsWith("{")) {
            try {
                JsonNode json = Json.MAPPER.readTree(line);
                String level = json.path("log")
                        .path("level")
                        .asString(json.path("level").asString(""));
                String message = json.path("message").asString("");
                String error = json.path("error").path("message").asString("");
                text = "  " + level + " " + message
                        + (error.isEmpty()
                                ? ""
                                : ": " + error.lines().findFirst().orElse(""));
            } catch (JacksonException e) {
                // not JSON after all
            }
        }
        return text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) + "…" : text;
    }

    static List<String> read(Path log, int lines) throws IOException {
        if (Files.notExists(log)) {
            return List.of();
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - WINDOW_BYTES);
            byte[] window = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(window);
            List<String> all =
                    new String(window, StandardCharsets.UTF_8).lines().toList();
            return all.subList(Math.max(0, all.size() - lines), all.size());
        }
    }
}
