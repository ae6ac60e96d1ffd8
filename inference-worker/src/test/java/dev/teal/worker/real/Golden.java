package dev.teal.worker.real;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Numbers that a reference has given once, by what they are of; {@link GoldenOutputs} writes them. */
public final class Golden {
    private final Map<String, float[]> values = new TreeMap<>();

    public static Golden read(String name) throws IOException {
        Golden golden = new Golden();
        try (InputStream json = Golden.class.getResourceAsStream("/golden/" + name + ".json")) {
            Json.MAPPER.readTree(json).properties().forEach(entry -> {
                float[] numbers = new float[entry.getValue().size()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = Float.parseFloat(entry.getValue().get(i).asString());
                }
                golden.values.put(entry.getKey(), numbers);
            });
        }
        return golden;
    }

    public float[] of(String what) {
        return values.get(what);
    }

    public void put(String what, float[] numbers) {
        values.put(what, numbers);
    }

    public void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(name + ".json"), Json.MAPPER.writeValueAsBytes(values));
    }
}
