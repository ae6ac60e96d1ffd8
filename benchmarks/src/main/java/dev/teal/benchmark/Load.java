package dev.teal.benchmark;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Clients on connections that stay, all on the calling thread. */
final class Load implements AutoCloseable {
    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ArrayDeque<Client> free = new ArrayDeque<>();

    /** @param latencies in nanoseconds */
    record Result(long answers, double seconds, Histogram latencies) {
        /** Those that came after the time was up too. */
        long served() {
            return latencies.getTotalCount();
        }

        double perSecond() {
            return answers / seconds;
        }

        double millisAt(double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e6;
        }
    }

    Load(SocketAddress server, int connections, Dialogue.Script script) throws IOException {
        for (int i = 0; i < connections; i++) {
            clients.add(new Client(connect(server), script.open()));
        }
        free.addAll(clients);
    }

    private static SocketChannel connect(SocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        if (!(server instanceof UnixDomainSocketAddress)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        channel.configureBlocking(false);
        return channel;
    }

    /** Each connection asks again as soon as it is answered. */
    Result saturate(Duration time) throws IOException {
        return run(time, Long.MAX_VALUE, 0);
    }

    /** As {@link #saturate}, for a number of answers. */
    Result saturate(long answers) throws IOException {
        return run(Duration.ofDays(1), answers, 0);
    }

    /** Questions come at even times whatever the server does; the time of one that finds no free connection runs from when it was due. */
    Result pace(double perSecond, Duration time) throws IOException {
        return run(time, Long.MAX_VALUE, Math.max(1, (long) (1e9 / perSecond)));
    }

    private Result run(Duration time, long wanted, long gapNanos) throws IOException {
        Histogram latencies = new Histogram(3);
        long start = System.nanoTime();
        long end = start + time.toNanos();
        long due = start;
        long now = start;
        while (now < end && latencies.getTotalCount() < wanted) {
            while (!free.isEmpty() && due <= now) {
                free.removeFirst().ask(gapNanos == 0 ? now : due);
                due += gapNanos;
            }
            if (gapNanos == 0) {
                selector.select(1000);
            } else {
                selector.selectNow();
            }
            now = System.nanoTime();
            drain(latencies, now);
        }
        double seconds = (now - start) / 1e9;
        long answers = latencies.getTotalCount();
        long patience = now + Duration.ofMinutes(1).toNanos();
        while (free.size() < clients.size()) {
            if (System.nanoTime() > patience) {
                throw new IOException("the server has not answered for a minute");
            }
            selector.select(1000);
            drain(latencies, System.nanoTime());
        }
        return new Result(answers, seconds, latencies);
    }

    private void drain(Histogram latencies, long now) throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            Client client = (Client) key.attachment();
            if (client.proceed()) {
                latencies.recordValue(Math.max(0, now - client.asked));
                free.addLast(client);
            }
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }

    private final class Client {
        private final SocketChannel channel;
        private final Dialogue dialogue;
        private final SelectionKey key;
        private final ByteBuffer received = ByteBuffer.allocateDirect(1 << 16);
        private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>();
        private long asked;

        Client(SocketChannel channel, Dialogue dialogue) throws IOException {
            this.channel = channel;
            this.dialogue = dialogue;
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void ask(long time) throws IOException {
            asked = time;
            queue(dialogue.owed());
            queue(dialogue.next());
            send();
        }

        private void queue(@Nullable ByteBuffer bytes) {
            if (bytes != null) {
                unsent.addLast(bytes);
            }
        }

        private void send() throws IOException {
            while (!unsent.isEmpty()) {
                channel.write(unsent.getFirst());
                if (unsent.getFirst().hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
                unsent.removeFirst();
            }
            if (key.interestOps() != SelectionKey.OP_READ) {
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        /** @return whether the answer is whole */
        boolean proceed() throws IOException {
            if (key.isWritable()) {
                send();
            }
            if (!key.isReadable()) {
                return false;
            }
            if (channel.read(received) < 0) {
                throw new EOFException("the server closed a connection in the middle of the load");
            }
            boolean whole = dialogue.take(received.flip());
            received.compact();
            queue(dialogue.owed());
            send();
            return whole;
        }
    }
}
