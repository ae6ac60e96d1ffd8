package dev.teal.worker.real;

import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** all-MiniLM-L6-v2: sentences in, one direction of 384 dimensions each out. */
public final class Sentences {
    public static final String CAT = "A cat sleeps on the warm window sill.";
    public static final String KITTEN = "The kitten is napping by the sunny window.";
    public static final String LATENCY = "The p99 latency of the gateway doubled after the release.";
    public static final String SLOWER = "Since the new version went out, the slowest requests take twice as long.";
    public static final List<String> ALL = List.of(CAT, KITTEN, LATENCY, SLOWER);

    private static final int DIMENSIONS = 384;

    private final Runner runner;
    private final String output;
    private final WordPiece words;

    /** @param output the name of that with a row for each token */
    public Sentences(Runner runner, String output) throws IOException {
        this.runner = runner;
        this.output = output;
        this.words = new WordPiece("/all-minilm-l6-v2-tokenizer.json");
    }

    /** The mean of the tokens, of length 1. */
    public float[] embed(String sentence) throws IOException {
        long[] tokens = words.tokens(sentence);
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        Map<String, Tensor> answer = runner.run(List.of(
                Values.longs("input_ids", tokens, 1, tokens.length),
                Values.longs("attention_mask", ones, 1, tokens.length),
                Values.longs("token_type_ids", new long[tokens.length], 1, tokens.length)));
        float[] hidden = Values.of(answer.get(output));
        float[] mean = new float[DIMENSIONS];
        for (int i = 0; i < hidden.length; i++) {
            mean[i % DIMENSIONS] += hidden[i];
        }
        double length = Math.sqrt(dot(mean, mean));
        for (int i = 0; i < DIMENSIONS; i++) {
            mean[i] /= (float) length;
        }
        return mean;
    }

    /** The cosine of two embeddings. */
    public static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
