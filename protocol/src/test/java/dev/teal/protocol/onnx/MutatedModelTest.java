package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.Inspected.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that are broken at random: cut off, or hit anywhere. */
class MutatedModelTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("teal.root"), "examples", "models");

    /** 2,000 a file: a signature or a refusal, and nothing else; a failure names the seed. */
    @ParameterizedTest
    @ValueSource(strings = {"fraud-detection/v1.onnx", "fraud-detection/v2.onnx", "product-categorization/v3.onnx"})
    void givenAMutatedModelThereIsASignatureOrARefusal(String file) throws IOException {
        byte[] good = Files.readAllBytes(EXAMPLES.resolve(file));
        for (long seed = 0; seed < 2_000; seed++) {
            byte[] mutated = mutated(good, new Random(seed));
            try {
                assertThat(read(new Message().raw(mutated)).outputs()).isNotEmpty();
            } catch (OnnxRefused refused) {
                assertThat(refused.detail()).as("seed " + seed).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> {
                int from = random.nextInt(bytes.length);
                bytes = Arrays.copyOf(bytes, from + 1);
                bytes[from] = good[random.nextInt(good.length)];
            }
            default -> {
                // Most of what is not a weight stands near the end or the start: hit anywhere, and often
                for (int i = 1 + random.nextInt(8); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
        }
        return bytes;
    }
}
