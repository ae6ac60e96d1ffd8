package dev.teal.worker.bytes;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.worker.run.NoRoomForAnswer;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much text of answers may be in the process at once. A float of four bytes takes up to sixteen as JSON, and the network's memory, where
 * text waits until its client has read it, is small beside the model's. One answer may take half of it, so that one client that reads slowly
 * does not keep all others from theirs.
 */
final class TextMemory {
    private static final long MEGA = 1_000_000;

    private final long mostBytes;
    private final AtomicLong held = new AtomicLong();

    TextMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** The rest of the network's memory is for the bodies of requests. */
    static TextMemory ofProcess() {
        return new TextMemory(PlatformDependent.maxDirectMemory() / 8 * 3);
    }

    /**
     * @param answerBytes that the answer has taken before
     * @throws InvalidInference if one answer can't have so much
     * @throws NoRoomForAnswer if others have it
     */
    void take(long answerBytes, long more) {
        if (answerBytes + more > mostBytes / 2) {
            throw new InvalidInference("the answer would have more than " + mostBytes / 2 / MEGA
                    + " MB as JSON; ask for binary data (binary_data_output), or for fewer elements");
        }
        if (held.addAndGet(more) > mostBytes) {
            held.addAndGet(-more);
            throw new NoRoomForAnswer();
        }
    }

    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
