package dev.teal.protocol.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** One random change of an input: of bytes, of lengths as binary formats have them, or of the tokens and numbers of a text. */
final class Mutation {
    private static final long[] EDGES = {
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        9,
        16,
        63,
        64,
        65,
        127,
        128,
        255,
        256,
        32767,
        32768,
        65535,
        65536,
        1 << 24,
        0x7ffffff0L,
        0x7fffffffL,
        0x80000000L,
        0xfffffff0L,
        0xffffffffL,
        1L << 32,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -8,
        -128
    };
    private static final String[] NUMBERS = {
        "-0",
        "0.0",
        "1e308",
        "1e309",
        "-1e-400",
        "4.9e-324",
        "1.4e-45",
        "3.4028236e38",
        "16777217",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "0.1e",
        "1.",
        "01",
        "-",
        "+1",
        "NaN",
        "-Infinity",
        "1E+2",
        "1e99999999999"
    };
    private static final String STRUCTURE = "[]{},:\"\\ \n\0eE+-.u";

    private final RandomGenerator random;
    private final List<byte[]> words;

    Mutation(RandomGenerator random, List<byte[]> words) {
        this.random = random;
        this.words = words;
    }

    /** @param other another input of the same kind, to take pieces from */
    byte[] of(byte[] input, byte[] other) {
        byte[] mutated = input;
        for (int i = 1 << random.nextInt(4); i > 0; i--) {
            mutated = once(mutated, other);
        }
        return mutated;
    }

    private byte[] once(byte[] input, byte[] other) {
        int at = random.nextInt(input.length + 1);
        return switch (random.nextInt(14)) {
            case 0 -> replace(input, at, 1, new byte[] {(byte) random.nextInt()});
            case 1 -> replace(input, at, 1, new byte[] {flipped(input, at)});
            case 2 -> replace(input, at, 1 + random.nextInt(1 << random.nextInt(7)), new byte[0]);
            case 3 -> Arrays.copyOf(input, at);
            case 4 -> replace(input, at, 0, piece(input));
            case 5 -> replace(input, at, random.nextInt(16), piece(other));
            case 6, 7 -> replace(input, at, random.nextInt(3), word());
            case 8 -> replace(input, at, 0, structure());
            case 9 -> edge(input, at);
            case 10, 11 -> number(input, at);
            case 12 -> nested(input, at);
            default -> repeated(input, at);
        };
    }

    private static byte flipped(byte[] input, int at) {
        return at == input.length ? 0 : (byte) (input[at] ^ 1 << (at & 7));
    }

    private byte[] piece(byte[] of) {
        int from = random.nextInt(of.length + 1);
        return Arrays.copyOfRange(of, from, Math.min(of.length, from + random.nextInt(1 << random.nextInt(8))));
    }

    private byte[] word() {
        return words.isEmpty() ? structure() : words.get(random.nextInt(words.size()));
    }

    private byte[] structure() {
        return new byte[] {(byte) STRUCTURE.charAt(random.nextInt(STRUCTURE.length()))};
    }

    /** A length or a count where a binary format may have one: 1, 2, 4 or 8 bytes of either order, or a varint. */
    private byte[] edge(byte[] input, int at) {
        long value = EDGES[random.nextInt(EDGES.length)] + random.nextInt(3) - 1;
        if (random.nextInt(3) == 0) {
            return replace(input, at, 1 + random.nextInt(2), varint(value));
        }
        int size = 1 << random.nextInt(4);
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        byte[] little = Arrays.copyOf(bytes, size);
        if (random.nextInt(4) == 0) {
            for (int i = 0; i < size; i++) {
                little[i] = bytes[size - 1 - i];
            }
        }
        return replace(input, at, size, little);
    }

    private static byte[] varint(long value) {
        byte[] bytes = new byte[10];
        int size = 0;
        long left = value;
        do {
            long rest = left >>> 7;
            bytes[size++] = (byte) (left & 0x7f | (rest == 0 ? 0 : 0x80));
            left = rest;
        } while (left != 0);
        return Arrays.copyOf(bytes, size);
    }

    /** Puts another number in the place of the next run of digits. */
    private byte[] number(byte[] input, int at) {
        int from = at;
        while (from < input.length && !digit(input[from])) {
            from++;
        }
        int to = from;
        while (to < input.length && digit(input[to])) {
            to++;
        }
        String number = switch (random.nextInt(4)) {
            case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 1 -> Float.toString(Float.intBitsToFloat(random.nextInt()));
            case 2 -> Long.toString(random.nextLong() >> random.nextInt(64));
            default -> Long.toString(EDGES[random.nextInt(EDGES.length)]);
        };
        return replace(input, from, to - from, number.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    private byte[] nested(byte[] input, int at) {
        byte[] open = new byte[1 << random.nextInt(9)];
        Arrays.fill(open, (byte) (random.nextBoolean() ? '[' : '{'));
        return replace(input, at, 0, open);
    }

    private byte[] repeated(byte[] input, int at) {
        byte[] piece = piece(input);
        byte[] many = input;
        for (int i = random.nextInt(6); i > 0 && many.length < 1 << 16; i--) {
            many = replace(many, at, 0, piece);
        }
        return many;
    }

    private static byte[] replace(byte[] input, int at, int removed, byte[] put) {
        int rest = Math.min(input.length, at + removed);
        byte[] result = Arrays.copyOf(input, at + put.length + input.length - rest);
        System.arraycopy(put, 0, result, at, put.length);
        System.arraycopy(input, rest, result, at + put.length, input.length - rest);
        return result;
    }
}
