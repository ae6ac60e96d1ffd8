package dev.teal.e2e;

import java.io.IOException;

/** One Teal for the tests that do not break it, started by the first and stopped when the JVM ends. */
final class SharedTeal {
    private static TealUnderTest shared;

    private SharedTeal() {}

    static synchronized TealUnderTest get() throws IOException, InterruptedException {
        if (shared == null) {
            TealUnderTest teal = TealUnderTest.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(teal)));
            shared = teal;
        }
        return shared;
    }

    private static void stop(TealUnderTest teal) {
        try {
            teal.close();
        } catch (IOException e) {
            throw new IllegalStateException("Teal under test did not stop", e);
        }
    }
}
