package dev.teal.worker.real;

import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Silero's voice detector, versions 5 and 6: the client carries the model's state from frame to frame. */
public final class Speech {
    public static final int FRAMES = 60;
    private static final int RATE = 16_000;
    private static final int FRAME = 512;
    private static final int CONTEXT = 64;
    private static final int STATE = 2 * 128;

    private final Runner runner;

    public Speech(Runner runner) {
        this.runner = runner;
    }

    /** Of each frame, how surely there is a voice in it. */
    public float[] probabilities(float[] audio) throws IOException {
        float[] state = new float[STATE];
        float[] context = new float[CONTEXT];
        float[] probabilities = new float[audio.length / FRAME];
        for (int i = 0; i < probabilities.length; i++) {
            float[] input = Arrays.copyOf(context, CONTEXT + FRAME);
            System.arraycopy(audio, i * FRAME, input, CONTEXT, FRAME);
            Map<String, Tensor> answer = runner.run(List.of(
                    Values.floats("input", input, 1, input.length),
                    Values.floats("state", state, 2, 1, STATE / 2),
                    Values.longs("sr", new long[] {RATE})));
            probabilities[i] = Values.of(answer.get("output"))[0];
            state = Values.of(answer.get("stateN"));
            context = Arrays.copyOfRange(input, FRAME, FRAME + CONTEXT);
        }
        return probabilities;
    }

    /** Two seconds: faint noise, and from frame 20 to 40 something like a voice that glides through vowels. */
    public static float[] audio() {
        SplittableRandom random = new SplittableRandom(3);
        float[] audio = new float[FRAMES * FRAME];
        double phase = 0;
        for (int i = 0; i < audio.length; i++) {
            double noise = 0.002 * random.nextGaussian();
            double second = i / (double) RATE;
            boolean voiced = i >= 20 * FRAME && i < 40 * FRAME;
            double pitch = 130 + 25 * Math.sin(2 * Math.PI * 2.1 * second);
            phase += 2 * Math.PI * pitch / RATE;
            audio[i] = (float) (voiced ? voice(phase, pitch, second) + noise : noise);
        }
        return audio;
    }

    /** Harmonics of the pitch, louder near three formants that move four times a second. */
    private static double voice(double phase, double pitch, double second) {
        double glide = 0.5 + 0.5 * Math.sin(2 * Math.PI * 4 * second);
        double loudness = 0.25 * (0.35 + 0.65 * Math.abs(Math.sin(2 * Math.PI * 2 * second)));
        double sum = 0;
        for (int harmonic = 1; harmonic * pitch < 4_000; harmonic++) {
            double frequency = harmonic * pitch;
            double gain = bump(frequency, 300 + 450 * glide, 90)
                    + 0.6 * bump(frequency, 2_200 - 1_000 * glide, 130)
                    + 0.3 * bump(frequency, 2_800, 180);
            sum += gain * Math.sin(harmonic * phase);
        }
        return loudness * sum;
    }

    private static double bump(double frequency, double centre, double width) {
        double distance = (frequency - centre) / width;
        return 1 / (1 + distance * distance);
    }
}
