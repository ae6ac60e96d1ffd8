package dev.teal.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One connection's talk: one question at a time, the next when the last is answered. Costs the load's core as little as it can. */
interface Dialogue {
    /** The bytes of the next question, from position to limit. */
    ByteBuffer next();

    /**
     * Takes what has come; what is left in the buffer is kept for the next time.
     *
     * @return whether the answer is whole
     * @throws IOException if the answer is not a success
     */
    boolean take(ByteBuffer received) throws IOException;

    /** What must be said before the next question; null where nothing is owed. */
    default @Nullable ByteBuffer owed() {
        return null;
    }

    /** Makes the dialogue of each connection. */
    interface Script {
        Dialogue open();
    }
}
