package dev.teal.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** HTTP/1.1 with questions that were written before, in turn; answers must be 200 and say their length. */
final class HttpDialogue implements Dialogue {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final List<ByteBuffer> questions;
    private int asked;
    private long bodyLeft = -1;

    private HttpDialogue(List<ByteBuffer> questions, int first) {
        this.questions = questions;
        this.asked = first;
    }

    static Script asking(ByteBuffer question) {
        return asking(List.of(question));
    }

    /** Connections begin at different places of the list. */
    static Script asking(List<ByteBuffer> questions) {
        int[] opened = {0};
        return () -> new HttpDialogue(questions, 7 * opened[0]++);
    }

    @Override
    public ByteBuffer next() {
        return questions.get(asked++ % questions.size()).duplicate();
    }

    @Override
    public boolean take(ByteBuffer received) throws IOException {
        if (bodyLeft < 0) {
            int end = endOfHead(received);
            if (end < 0) {
                return false;
            }
            bodyLeft = contentLength(received, end);
            if (received.get(received.position() + 9) != '2') {
                throw new IOException(refusal(received));
            }
            received.position(end);
        }
        int taken = (int) Math.min(bodyLeft, received.remaining());
        received.position(received.position() + taken);
        bodyLeft -= taken;
        if (bodyLeft > 0) {
            return false;
        }
        bodyLeft = -1;
        return true;
    }

    private static int endOfHead(ByteBuffer received) {
        for (int i = received.position() + 3; i < received.limit(); i++) {
            if (received.get(i) == '\n' && received.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static long contentLength(ByteBuffer received, int end) throws IOException {
        for (int line = received.position(); line < end - LENGTH.length; line++) {
            if (received.get(line) == '\n' && isLength(received, line + 1)) {
                long length = 0;
                for (int i = line + 1 + LENGTH.length; received.get(i) != '\r'; i++) {
                    if (received.get(i) != ' ') {
                        length = 10 * length + received.get(i) - '0';
                    }
                }
                return length;
            }
        }
        throw new IOException("an answer without its length: " + refusal(received));
    }

    private static boolean isLength(ByteBuffer received, int start) {
        for (int i = 0; i < LENGTH.length; i++) {
            if ((received.get(start + i) | 0x20) != (LENGTH[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private static String refusal(ByteBuffer received) {
        byte[] bytes = new byte[Math.min(received.remaining(), 600)];
        received.duplicate().get(bytes);
        return new String(bytes, StandardCharsets.UTF_8)
                .strip()
                .replaceAll("\\s+", " ")
                .transform(text -> text.toLowerCase(Locale.ROOT).startsWith("http/1.1 ") ? text.substring(9) : text);
    }
}
