package dev.teal.worker.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.worker.run.BodyTooLarge;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HeapRoomTest {
    private final HeapRoom room = new HeapRoom(20 << 20);

    @Test
    void whatIsNeverThereIsTooLarge() {
        assertThatThrownBy(() -> room.take(21 << 20))
                .isInstanceOf(BodyTooLarge.class)
                .hasMessageContaining("20971520 bytes")
                .hasMessageContaining("binary data");
    }

    @Test
    void aSecondWaitsForTheFirstAndASmallOneForNobody() throws Exception {
        AtomicBoolean givenBack = new AtomicBoolean();
        CompletableFuture<Boolean> second;
        try (var _ = room.take(15 << 20)) {
            second = CompletableFuture.supplyAsync(() -> {
                try (var _ = room.take(10 << 20)) {
                    return givenBack.get();
                }
            });
            room.take(4 << 20).close();
            givenBack.set(true);
        }

        assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
