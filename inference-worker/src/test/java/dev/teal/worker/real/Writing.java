package dev.teal.worker.real;

import java.util.Map;

/** Words drawn as an image, black on white, as a text recogniser takes them: 3 planes of 48 rows, from -1 to 1. */
public final class Writing {
    public static final int HEIGHT = 48;
    private static final int DOT = 5;
    private static final int GLYPH_ROWS = 7;
    private static final int GLYPH_COLUMNS = 5;
    private static final int MARGIN = 6;

    /** Seven rows of five dots, each row's bits from left to right. */
    private static final Map<Character, int[]> GLYPHS = Map.of(
            'T', new int[] {31, 4, 4, 4, 4, 4, 4},
            'E', new int[] {31, 16, 16, 30, 16, 16, 31},
            'A', new int[] {14, 17, 17, 31, 17, 17, 17},
            'L', new int[] {16, 16, 16, 16, 16, 16, 31},
            '2', new int[] {14, 17, 1, 2, 4, 8, 31},
            '7', new int[] {31, 1, 2, 4, 8, 8, 8});

    private final int width;
    private final boolean[] ink;

    private Writing(int width) {
        this.width = width;
        this.ink = new boolean[HEIGHT * width];
    }

    public static Writing of(String text, int width) {
        Writing writing = new Writing(width);
        for (int i = 0; i < text.length(); i++) {
            writing.draw(GLYPHS.get(text.charAt(i)), MARGIN + i * (GLYPH_COLUMNS + 1) * DOT);
        }
        return writing;
    }

    private void draw(int[] glyph, int left) {
        for (int y = 0; y < GLYPH_ROWS * DOT; y++) {
            for (int x = 0; x < GLYPH_COLUMNS * DOT; x++) {
                if ((glyph[y / DOT] >> (GLYPH_COLUMNS - 1 - x / DOT) & 1) == 1) {
                    ink[(y + MARGIN) * width + left + x] = true;
                }
            }
        }
    }

    public Writing upsideDown() {
        Writing turned = new Writing(width);
        for (int i = 0; i < ink.length; i++) {
            turned.ink[ink.length - 1 - i] = ink[i];
        }
        return turned;
    }

    public float[] pixels() {
        float[] pixels = new float[3 * ink.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = ink[i % ink.length] ? -1 : 1;
        }
        return pixels;
    }

    public int width() {
        return width;
    }
}
