package dev.teal.worker;

import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.RequestedOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Clients of a worker that ask at the same time, each on a connection of its own. */
final class Clients {
    private Clients() {}

    interface Conversation {
        void once(UnixHttp connection, RandomGenerator random) throws Exception;
    }

    static void run(TestWorker worker, int clients, int times, Conversation conversation) throws Exception {
        CountDownLatch start = new CountDownLatch(clients);
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                RandomGenerator random =
                        RandomGeneratorFactory.of("L64X128MixRandom").create(client);
                all.add(threads.submit(() -> {
                    try (UnixHttp connection = new UnixHttp(worker.inference)) {
                        start.countDown();
                        start.await();
                        for (int i = 0; i < times; i++) {
                            conversation.once(connection, random);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /** One question. @param in whether its inputs, @param out whether its outputs are binary */
    static InferenceResponse ask(UnixHttp connection, InferenceRequest request, boolean in, boolean out)
            throws IOException {
        boolean[] binary = new boolean[request.inputs().size()];
        Arrays.fill(binary, in);
        List<RequestedOutput> outputs = request.outputs().stream()
                .map(output -> new RequestedOutput(output.name(), out, output.classification()))
                .toList();
        Asked.Body body = Asked.body(
                new InferenceRequest(request.id(), request.schedule(), request.inputs(), outputs, out), binary);
        connection.send("POST", Asked.PATH, body.bytes(), body.headers());
        return Asked.answer(connection.read());
    }
}
