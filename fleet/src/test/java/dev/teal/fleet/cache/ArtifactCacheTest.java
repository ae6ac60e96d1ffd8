package dev.teal.fleet.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.teal.fleet.kit.FakeControlPlane;
import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.worker.WorkerFailure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheTest {

    @TempDir
    Path directory;

    private final AtomicLong seconds = new AtomicLong(1_800_000_000);
    private final Set<String> pinned = new HashSet<>();
    private FakeControlPlane source;

    @BeforeEach
    void open() throws IOException {
        source = new FakeControlPlane();
    }

    @AfterEach
    void close() {
        source.close();
    }

    private ArtifactCache cache(long capacityBytes, URI address, Duration limit) throws IOException {
        CacheFiles files =
                new CacheFiles(directory, capacityBytes, () -> Instant.ofEpochSecond(seconds.incrementAndGet()));
        ControlPlane controlPlane = new ControlPlane(address, FakeControlPlane.REGION, "key");
        return new ArtifactCache(files, new Download(controlPlane, limit), () -> pinned, new SimpleMeterRegistry());
    }

    private ArtifactCache cache(long capacityBytes) throws IOException {
        return cache(capacityBytes, source.address(), Duration.ofSeconds(30));
    }

    private static String path(String digest) {
        return "/cell/v1/" + FakeControlPlane.REGION + "/artifacts/" + digest;
    }

    private void assertNothingPartial() throws IOException {
        try (Stream<Path> left = Files.list(directory.resolve("partial"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void givenManyWantOneDigestItIsFetchedOnce() throws Exception {
        ArtifactCache cache = cache(1_000);
        String digest = source.artifact("bytes");

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Path> fetch = () -> cache.fetch(digest, path(digest));
            for (Future<Path> fetched : callers.invokeAll(Collections.nCopies(50, fetch))) {
                assertThat(fetched.get()).hasContent("bytes");
            }
        }

        assertThat(source.fetches(digest)).isEqualTo(1);
        assertThat(Files.getPosixFilePermissions(cache.path(digest))).hasSize(3);
        assertNothingPartial();
    }

    @Test
    void givenOtherBytesThanTheDigestSaysNothingStays() throws Exception {
        ArtifactCache cache = cache(1_000);
        String digest = source.artifact("bytes");
        source.send(digest, "other");

        assertThatThrownBy(() -> cache.fetch(digest, path(digest)))
                .isInstanceOfSatisfying(
                        FetchFailed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(WorkerFailure.Code.DIGEST_MISMATCH));

        assertThat(cache.has(digest)).isFalse();
        assertNothingPartial();
    }

    @Test
    void givenTheConnectionBreaksInTheMiddleNothingStays() throws Exception {
        HttpServer torn = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        torn.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[50]);
            exchange.getResponseBody().flush();
            throw new IOException("torn");
        });
        torn.start();
        try {
            ArtifactCache cache = cache(
                    1_000, URI.create("http://127.0.0.1:" + torn.getAddress().getPort()), Duration.ofSeconds(30));
            String digest = Digests.of(new byte[100]);

            assertThatThrownBy(() -> cache.fetch(digest, "/x"))
                    .isInstanceOfSatisfying(
                            FetchFailed.class,
                            failed -> assertThat(failed.failure().code()).isEqualTo(WorkerFailure.Code.FETCH_FAILED));
            assertNothingPartial();
        } finally {
            torn.stop(0);
        }
    }

    @Test
    void givenTheControlPlaneStallsTheFetchEndsAtItsLimit() throws Exception {
        HttpServer stalling = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stalling.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[50]);
            exchange.getResponseBody().flush();
        });
        stalling.start();
        try {
            ArtifactCache cache = cache(
                    1_000,
                    URI.create("http://127.0.0.1:" + stalling.getAddress().getPort()),
                    Duration.ofMillis(500));

            assertThatThrownBy(() -> cache.fetch(Digests.of("x"), "/x")).isInstanceOf(FetchFailed.class);
            assertNothingPartial();
        } finally {
            stalling.stop(0);
        }
    }

    @Test
    void givenNobodyListensTheReasonIsSaid() throws Exception {
        source.close();

        assertThatThrownBy(() -> cache(1_000).fetch(Digests.of("x"), "/x"))
                .isInstanceOf(FetchFailed.class)
                .hasMessageContaining("the control plane does not answer");
    }

    @Test
    void givenNoRoomTheLeastRecentlyUsedGoesUnlessItIsPinned() throws Exception {
        ArtifactCache cache = cache(30);
        List<String> digests = Stream.of("first artifact", "second", "third one")
                .map(source::artifact)
                .toList();
        for (String digest : digests) {
            cache.fetch(digest, path(digest));
        }
        cache.fetch(digests.get(1), path(digests.get(1)));
        pinned.add(digests.get(0));

        String next = source.artifact("ten bytes.");
        cache.fetch(next, path(next));

        assertThat(digests).filteredOn(cache::has).containsExactly(digests.get(0), digests.get(1));
        assertThat(cache.has(next)).isTrue();
    }

    @Test
    void givenAllIsPinnedAFetchFailsWithTheNumbers() throws Exception {
        ArtifactCache cache = cache(10);
        String held = source.artifact("ten bytes.");
        cache.fetch(held, path(held));
        pinned.add(held);
        String next = source.artifact("more");

        assertThatThrownBy(() -> cache.fetch(next, path(next)))
                .isInstanceOf(FetchFailed.class)
                .hasMessageContaining("4 bytes wanted, 10 of 10 held");
        assertThat(cache.has(held)).isTrue();
        assertNothingPartial();
    }

    @Test
    void givenTheFleetDiedWithinAFetchItsPartIsRemoved() throws Exception {
        Files.createDirectories(directory.resolve("partial"));
        Files.writeString(directory.resolve("partial/left"), "half");

        cache(1_000);

        assertNothingPartial();
    }

    private Path optimised(String digest, int bytes) throws IOException {
        Path file = directory.resolve("optimised").resolve(digest.substring(7) + "-key-" + bytes + ".ort");
        return Files.write(file, new byte[bytes]);
    }

    @Test
    void givenWhatWorkersMadeOfArtifactsItCountsAndGoesWithThem() throws Exception {
        ArtifactCache cache = cache(100);
        String old = source.artifact("a".repeat(20));
        String used = source.artifact("b".repeat(20));
        String next = source.artifact("c".repeat(20));
        cache.fetch(old, path(old));
        Path madeOfOld = optimised(old, 20);
        cache.fetch(used, path(used));
        Path madeOfUsed = optimised(used, 25);
        pinned.add(used);

        cache.fetch(next, path(next));

        assertThat(cache.has(old)).isFalse();
        assertThat(madeOfOld).doesNotExist();
        assertThat(madeOfUsed).exists();
    }

    @Test
    void givenPinnedArtifactsFillTheCacheWhatWasMadeOfThemMakesRoom() throws Exception {
        ArtifactCache cache = cache(100);
        String used = source.artifact("b".repeat(40));
        cache.fetch(used, path(used));
        pinned.add(used);
        Path made = optimised(used, 70);

        cache.trim();

        assertThat(made).doesNotExist();
        assertThat(cache.has(used)).isTrue();
    }

    @Test
    void givenAnArtifactIsDiscardedOrGoneNothingMadeOfItStays() throws Exception {
        ArtifactCache cache = cache(100);
        String digest = source.artifact("bytes");
        cache.fetch(digest, path(digest));
        Path made = optimised(digest, 10);
        Path orphan = optimised("sha256:" + "0".repeat(64), 10);

        cache.trim();
        assertThat(orphan).doesNotExist();
        assertThat(made).exists();
        cache.discard(digest);

        assertThat(made).doesNotExist();
    }
}
