package dev.teal.gateway;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * How much the gateway takes from a worker: the same requests to the worker itself and through the gateway, taking turns in one process, so that
 * both have the same machine. Not a test: run {@code main} with {@code -Dteal.benchmark=true}.
 */
final class GatewayBenchmark {
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int SECONDS = Integer.getInteger("seconds", 4);
    private static final String BODY =
            "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[1,30],\"data\":[" + "0.1,".repeat(29)
                    + "0.1]}]}";

    private GatewayBenchmark() {}

    /** @param cpuMicros of the whole process a request: client, worker and, where it takes part, gateway */
    private record Result(double perSecond, long p50Micros, long p99Micros, double cpuMicros) {
        @Override
        public String toString() {
            return "%,9.0f/s  p50 %,6d us  p99 %,6d us  CPU %,4.0f us"
                    .formatted(perSecond, p50Micros, p99Micros, cpuMicros);
        }
    }

    public static void main(String[] arguments) throws Exception {
        try (GatewayFixture gateway = new GatewayFixture()) {
            FakeWorker worker =
                    FakeWorker.tcp("w-1", States.environmentId("fraud", Color.BLUE), States.digest("1"), 64);
            gateway.fleet.list(worker.address());
            gateway.controlPlane.publish(States.both("fraud", 1, Color.BLUE));
            gateway.start().inForce(1);
            int direct = Integer.parseInt(worker.address().address().replaceAll(".*:", ""));
            for (int clients : new int[] {1, 16}) {
                run(direct, clients);
                run(gateway.port(), clients);
                List<Result> directs = new ArrayList<>();
                List<Result> through = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    directs.add(run(direct, clients));
                    through.add(run(gateway.port(), clients));
                }
                System.out.println(clients + " clients: direct " + median(directs) + " | gateway " + median(through));
            }
            worker.close();
        }
        System.exit(0);
    }

    private static Result median(List<Result> results) {
        return results.stream()
                .sorted((one, other) -> Double.compare(one.perSecond(), other.perSecond()))
                .toList()
                .get(results.size() / 2);
    }

    private static Result run(int port, int clients) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Future<long[]>> loops = new ArrayList<>();
            long cpu = cpuNanos();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            for (int i = 0; i < clients; i++) {
                loops.add(threads.submit(() -> loop(port, end)));
            }
            LongStream all = LongStream.empty();
            for (Future<long[]> loop : loops) {
                all = LongStream.concat(all, Arrays.stream(loop.get()));
            }
            long[] nanos = all.sorted().toArray();
            return new Result(
                    nanos.length / (double) SECONDS,
                    nanos[nanos.length / 2] / 1_000,
                    nanos[(int) (nanos.length * 0.99)] / 1_000,
                    (cpuNanos() - cpu) / 1e3 / nanos.length);
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static long[] loop(int port, long end) throws IOException {
        byte[] request =
                ("POST /v2/models/fraud/infer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                + BODY.length() + "\r\n\r\n" + BODY)
                        .getBytes(StandardCharsets.US_ASCII);
        long[] nanos = new long[1 << 20];
        int count = 0;
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (System.nanoTime() < end && count < nanos.length) {
                long start = System.nanoTime();
                socket.getOutputStream().write(request);
                readAnswer(in);
                nanos[count++] = System.nanoTime() - start;
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    private static void readAnswer(InputStream in) throws IOException {
        int length = 0;
        StringBuilder line = new StringBuilder();
        boolean first = true;
        for (int c = in.read(); ; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed");
            }
            if (c != '\n') {
                line.append((char) c);
                continue;
            }
            String text = line.toString().trim();
            line.setLength(0);
            if (first && !text.contains(" 200 ")) {
                throw new IOException(text);
            }
            first = false;
            if (text.isEmpty()) {
                in.skipNBytes(length);
                return;
            }
            if (text.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(text.substring(15).trim());
            }
        }
    }
}
