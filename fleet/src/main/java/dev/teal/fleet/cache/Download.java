package dev.teal.fleet.cache;

import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.worker.WorkerFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One fetch from the control plane into a file, checked on the way. */
final class Download {

    private static final int OK = 200;

    private final ControlPlane controlPlane;
    private final Duration limit;

    Download(ControlPlane controlPlane, Duration limit) {
        this.controlPlane = controlPlane;
        this.limit = limit;
    }

    /** Makes room for a number of bytes before they come. */
    interface Room {
        void make(long bytes) throws FetchFailed;
    }

    /** Returns only when the whole is on disk and is what {@code digest} says. */
    void to(Path file, String digest, String path, Room room) throws FetchFailed {
        MessageDigest sha256 = Digests.sha256();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int status = receive(path, room, bytes -> {
                sha256.update(bytes.duplicate());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
            if (status != OK) {
                throw new FetchFailed(
                        WorkerFailure.Code.FETCH_FAILED,
                        "the control plane answered " + status + " when asked for " + digest);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new FetchFailed(WorkerFailure.Code.FETCH_FAILED, "could not fetch " + digest + ": " + reason(e));
        }
        String received = Digests.format(sha256.digest());
        if (!received.equals(digest)) {
            throw new FetchFailed(
                    WorkerFailure.Code.DIGEST_MISMATCH, "the bytes sent for " + digest + " have digest " + received);
        }
    }

    private interface Sink {
        void write(ByteBuffer bytes) throws IOException;
    }

    private int receive(String path, Room room, Sink sink) throws IOException, FetchFailed {
        HttpRequest request = controlPlane.request(path, limit).GET().build();
        CompletableFuture<HttpResponse<Void>> answer = controlPlane.http().sendAsync(request, info -> {
            if (info.statusCode() != OK) {
                return BodySubscribers.replacing(null);
            }
            try {
                room.make(info.headers().firstValueAsLong("Content-Length").orElse(0));
            } catch (FetchFailed e) {
                throw new NoRoom(e);
            }
            return BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
                        try {
                            sink.write(ByteBuffer.wrap(bytes));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }))
                    .apply(info);
        });
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).statusCode();
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("not done within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    private static IOException unwrapped(ExecutionException failed) throws FetchFailed {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoRoom noRoom) {
                throw noRoom.reason;
            }
            if (cause instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
                return unchecked.getCause();
            }
        }
        return failed.getCause() instanceof IOException io ? io : new IOException(failed.getCause());
    }

    private static String reason(IOException e) {
        if (e.getMessage() != null) {
            return e.getMessage();
        }
        // The JDK's client says nothing when nobody listens
        return e instanceof ConnectException
                ? "the control plane does not answer"
                : e.getClass().getSimpleName();
    }

    private static final class NoRoom extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient FetchFailed reason;

        NoRoom(FetchFailed reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
