package dev.teal.worker.prove;

import dev.teal.protocol.Json;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A client of the worker's own inference socket. The proof goes the whole way of a request, so what it warms is what clients wait for, and
 * what it tests is what they get.
 */
final class OwnSocket implements Closeable {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LENGTH = "\r\ncontent-length: ";
    private static final String JSON_LENGTH = "\r\ninference-header-content-length: ";

    private final SocketChannel channel;
    private final String head;

    /**
     * @param length of the body as it came
     * @param body empty where it was longer than wanted
     * @param jsonBytes how much of the body is JSON; -1: all of it
     */
    record Answer(int status, int length, byte[] body, int jsonBytes) {
        /** In the words of the worker, where it is an error. */
        String error() {
            return Json.MAPPER.readTree(body).path("error").asString("status " + status);
        }
    }

    /** @param header one more header, as a line */
    OwnSocket(Path socket, String endpoint, String header) throws IOException {
        this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        this.head = "POST /v2/models/"
                + URLEncoder.encode(endpoint, StandardCharsets.UTF_8).replace("+", "%20")
                + "/infer HTTP/1.1\r\nHost: worker\r\n" + header + "\r\nContent-Length: ";
    }

    Answer infer(OwnRequest request) throws IOException {
        return infer(request, Integer.MAX_VALUE);
    }

    /** @param mostBytes of an answer that is kept: a model may answer with more than Java's heap has room for */
    Answer infer(OwnRequest request, int mostBytes) throws IOException {
        byte[] body = request.body();
        String json = request.jsonBytes() < 0 ? "" : "\r\nInference-Header-Content-Length: " + request.jsonBytes();
        byte[] start = (head + body.length + json + END_OF_HEAD).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer[] parts = {ByteBuffer.wrap(start), ByteBuffer.wrap(body)};
        while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
            channel.write(parts);
        }
        return read(mostBytes);
    }

    private Answer read(int mostBytes) throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer part = ByteBuffer.allocate(16 * 1024);
        int end = -1;
        while (end < 0) {
            receive(part);
            text.append(StandardCharsets.ISO_8859_1.decode(part.duplicate()));
            end = text.indexOf(END_OF_HEAD);
        }
        int bodyStart = end + END_OF_HEAD.length();
        part.position(part.limit() - (text.length() - bodyStart));
        String lowerCase = text.substring(0, bodyStart).toLowerCase(Locale.ROOT);
        int length = number(lowerCase, LENGTH, 0);
        byte[] body = new byte[length > mostBytes ? 0 : length];
        for (int read = 0; read < length; ) {
            if (!part.hasRemaining()) {
                receive(part);
            }
            int more = part.remaining();
            if (body.length > 0) {
                part.get(body, read, more);
            }
            part.position(part.limit());
            read += more;
        }
        return new Answer(
                Integer.parseInt(lowerCase.substring(9, 12)), length, body, number(lowerCase, JSON_LENGTH, -1));
    }

    private void receive(ByteBuffer part) throws IOException {
        if (channel.read(part.clear()) < 0) {
            throw new EOFException("the worker closed its own connection");
        }
        part.flip();
    }

    private static int number(String lowerCaseHead, String name, int otherwise) {
        int at = lowerCaseHead.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        int start = at + name.length();
        return Integer.parseInt(lowerCaseHead.substring(start, lowerCaseHead.indexOf("\r\n", start)));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
