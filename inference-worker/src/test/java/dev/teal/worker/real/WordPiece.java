package dev.teal.worker.real;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** BERT's tokens of lower-case English without accents: enough to ask an embedding model in earnest. */
final class WordPiece {
    private final JsonNode vocabulary;

    /** @param resource a {@code tokenizer.json} on the class path */
    WordPiece(String resource) throws IOException {
        try (InputStream json = WordPiece.class.getResourceAsStream(resource)) {
            this.vocabulary = Json.MAPPER.readTree(json).path("model").path("vocab");
        }
    }

    long[] tokens(String sentence) {
        List<Long> tokens = new ArrayList<>();
        tokens.add(number("[CLS]"));
        for (String word : sentence.toLowerCase(Locale.ROOT).split("\\s+|(?=\\p{Punct})")) {
            addPieces(word, tokens);
        }
        tokens.add(number("[SEP]"));
        return tokens.stream().mapToLong(Long::longValue).toArray();
    }

    /** The longest piece that is known, and then the longest of what is left. */
    private void addPieces(String word, List<Long> tokens) {
        int start = 0;
        while (start < word.length()) {
            int end = word.length();
            while (end > start && !vocabulary.has(piece(word, start, end))) {
                end--;
            }
            if (end == start) {
                throw new IllegalArgumentException("no token of " + word + " from " + start);
            }
            tokens.add(number(piece(word, start, end)));
            start = end;
        }
    }

    private static String piece(String word, int start, int end) {
        return (start == 0 ? "" : "##") + word.substring(start, end);
    }

    private long number(String token) {
        return vocabulary.path(token).asLong();
    }
}
