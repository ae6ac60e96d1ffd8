package dev.teal.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FuzzReplayTest {
    static Stream<FuzzTarget> targets() {
        return Fuzz.targets("dev.teal.protocol").stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void nothingButARefusalComesOut(FuzzTarget target) throws InterruptedException {
        Fuzz.replay(target, 1, 5_000);
    }

    @Test
    void givenTheSameSeedTheSameInputsAreMade() throws InterruptedException {
        List<byte[]> once = new ArrayList<>();
        List<byte[]> again = new ArrayList<>();

        Fuzz.replay(target("x", once::add), 7, 500);
        Fuzz.replay(target("x", again::add), 7, 500);

        assertThat(once).hasSize(501).usingRecursiveComparison().isEqualTo(again);
    }

    @Test
    void givenAReaderFailsItsInputAndSeedAreNamed() {
        FuzzTarget failing = target("x", input -> {
            if (input.length > 40) {
                throw new IndexOutOfBoundsException("at 40");
            }
        });

        assertThatThrownBy(() -> Fuzz.replay(failing, 3, 5_000))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("x: seed 3, execution ")
                .hasMessageContaining("IndexOutOfBoundsException: at 40")
                .hasMessageContaining(", the first by ")
                .hasCauseInstanceOf(IndexOutOfBoundsException.class);
    }

    private static FuzzTarget target(String name, java.util.function.Consumer<byte[]> reader) {
        return new FuzzTarget() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<byte[]> seeds() {
                return FuzzTarget.words("{\"a\":[1,2,3]}");
            }

            @Override
            public String run(byte[] input) {
                reader.accept(input);
                return "ok";
            }
        };
    }
}
