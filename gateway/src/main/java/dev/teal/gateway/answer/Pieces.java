package dev.teal.gateway.answer;

import java.util.List;

/**
 * An answer's bytes, in order. A large one is in pieces: one array of its size is hard to find room for, would be copied while it grows, and
 * once more, into direct memory, when it is written.
 */
public record Pieces(List<byte[]> list) {
    public Pieces {
        list = List.copyOf(list);
    }

    public long bytes() {
        return list.stream().mapToLong(piece -> piece.length).sum();
    }

    /** All of them in one array. */
    public byte[] joined() {
        if (list.size() == 1) {
            return list.getFirst();
        }
        byte[] all = new byte[Math.toIntExact(bytes())];
        int at = 0;
        for (byte[] piece : list) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }
}
