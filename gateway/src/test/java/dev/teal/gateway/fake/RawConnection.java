package dev.teal.gateway.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection that is written to and read from bit by bit: clients that do wrong do not use a client. */
public final class RawConnection implements AutoCloseable {
    private static final Duration LONGEST_READ = Duration.ofSeconds(30);

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    private RawConnection(Socket socket, int port) throws IOException {
        this.socket = socket;
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.setSoTimeout((int) LONGEST_READ.toMillis());
        this.out = socket.getOutputStream();
        this.in = socket.getInputStream();
    }

    public static RawConnection to(int port) throws IOException {
        return new RawConnection(new Socket(), port);
    }

    /** Of a client that has little room for what it does not read. */
    public static RawConnection narrow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        return new RawConnection(socket, port);
    }

    public InputStream in() {
        return in;
    }

    public RawConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawConnection send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** The head of the next answer, up to its empty line. */
    public String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** The body of an answer, whose head has been read. */
    public String body(String head) throws IOException {
        return next(Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+)\r\n.*", "$1")));
    }

    /** The next so many bytes. */
    public String next(int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    }

    /** All that comes until the other side closes. */
    public String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            in.transferTo(rest);
        } catch (SocketException e) {
            // A connection that is closed while bytes of ours are unread is reset
            assertThat(e).hasMessageContaining("reset");
        }
        return rest.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
