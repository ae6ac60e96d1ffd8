package dev.teal.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One HTTP request on a Unix socket, on a connection of its own. */
record UnixExchange(int status, byte[] body) {

    static UnixExchange send(Path socket, String method, String path, byte[] body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            write(channel, ByteBuffer.wrap(head(method, path, body.length).getBytes(StandardCharsets.US_ASCII)));
            write(channel, ByteBuffer.wrap(body));
            return read(Channels.newInputStream(channel));
        }
    }

    private static String head(String method, String path, int length) {
        return method + " " + path + " HTTP/1.1\r\nHost: worker\r\nConnection: close\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static UnixExchange read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended before an answer");
            }
            head.write(next);
        }
        int status = Integer.parseInt(head.toString(StandardCharsets.US_ASCII).substring(9, 12));
        return new UnixExchange(status, in.readAllBytes());
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
