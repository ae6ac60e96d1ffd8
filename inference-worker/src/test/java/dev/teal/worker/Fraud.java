package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;

import java.io.IOException;
import java.nio.file.Files;

/** The example model that most requests go to. */
final class Fraud {
    private Fraud() {}

    static TestWorker served(String artifact) throws IOException {
        TestWorker worker = new TestWorker();
        worker.prove(assignment(FRAUD.resolve(artifact), null, FRAUD_SIGNATURE));
        return worker;
    }

    static String request() throws IOException {
        return Files.readString(FRAUD.resolve("request.json"));
    }
}
