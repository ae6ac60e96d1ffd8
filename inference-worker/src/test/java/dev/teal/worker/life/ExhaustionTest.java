package dev.teal.worker.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExhaustionTest {
    @Test
    void onlyWantOfMemoryIsToldAlsoWhereItIsTheCauseOfSomethingElse() throws InterruptedException {
        OutOfMemoryError itself = new OutOfMemoryError("heap");
        IllegalStateException caused = new IllegalStateException("encoder", new RuntimeException(itself));
        IllegalStateException other = new IllegalStateException("other", new StackOverflowError());
        List<Throwable> told = new ArrayList<>();

        Thread survivor = Thread.ofPlatform()
                .uncaughtExceptionHandler((_, error) -> told.add(error))
                .start(() -> {
                    Exhaustion.survived(itself);
                    Exhaustion.survived(caused);
                    Exhaustion.survived(other);
                });
        survivor.join();

        assertThat(told).containsExactly(itself, caused);
        assertThat(Exhaustion.in(caused)).isSameAs(itself);
        assertThat(Exhaustion.in(other)).isNull();
    }
}
