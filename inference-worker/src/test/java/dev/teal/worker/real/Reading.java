package dev.teal.worker.real;

import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** PaddleOCR's two models of a line of text: which way up it is, and what it says. */
public final class Reading {
    private final Runner runner;

    public Reading(Runner runner) {
        this.runner = runner;
    }

    /** How surely it stands upright, and upside down. */
    public float[] direction(Writing writing) throws IOException {
        return Values.of(runner.run(List.of(input(writing))).get("softmax_0.tmp_0"));
    }

    /** A row of the characters' probabilities for each slice of the image. */
    public Tensor characters(Writing writing) throws IOException {
        return runner.run(List.of(input(writing))).get("softmax_11.tmp_0");
    }

    private static Tensor input(Writing writing) {
        return Values.floats("x", writing.pixels(), 1, 3, Writing.HEIGHT, writing.width());
    }

    /** The likeliest character of each slice, without blanks (the first class) and repetitions. */
    public static String text(Tensor characters, Path alphabet) throws IOException {
        List<String> letters = Files.readAllLines(alphabet);
        float[] probabilities = Values.of(characters);
        int classes = Math.toIntExact(characters.shape()[2]);
        StringBuilder text = new StringBuilder();
        int previous = 0;
        for (int start = 0; start < probabilities.length; start += classes) {
            int likeliest = likeliest(probabilities, start, classes);
            if (likeliest != 0 && likeliest != previous) {
                text.append(likeliest > letters.size() ? " " : letters.get(likeliest - 1));
            }
            previous = likeliest;
        }
        return text.toString();
    }

    private static int likeliest(float[] probabilities, int start, int classes) {
        int likeliest = 0;
        for (int i = 1; i < classes; i++) {
            if (probabilities[start + i] > probabilities[start + likeliest]) {
                likeliest = i;
            }
        }
        return likeliest;
    }
}
