package dev.teal.platform.registry.triton;

import dev.teal.platform.registry.domain.ConfigMismatch;
import dev.teal.platform.registry.domain.InvalidConfig;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Labels of an output's elements, a line each, in files that the configuration names. */
final class LabelFiles {
    private final Map<String, byte[]> files;
    private final Set<String> named = new HashSet<>();

    LabelFiles(Map<String, byte[]> files) {
        this.files = files;
    }

    /** By the output's name. */
    Map<String, List<String>> of(List<DeclaredTensor> outputs) {
        Map<String, List<String>> labels = new HashMap<>();
        List<String> differences = new ArrayList<>();
        for (DeclaredTensor output : outputs) {
            String file = output.labels();
            if (file != null) {
                named.add(file);
                byte[] content = files.get(file);
                if (content == null) {
                    differences.add("the labels of '" + output.name() + "' are in '" + file
                            + "', which is no part of the upload (-F labels=@" + file + ")");
                } else {
                    labels.put(output.name(), lines(file, content));
                }
            }
        }
        files.keySet().stream()
                .filter(file -> !named.contains(file))
                .sorted()
                .forEach(file -> differences.add("no output has the label_filename '" + file + "'"));
        if (!differences.isEmpty()) {
            throw new ConfigMismatch(differences);
        }
        return labels;
    }

    private static List<String> lines(String file, byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new InvalidConfig("'" + file + "': a label has a NUL in it");
            }
            return text.lines().toList();
        } catch (CharacterCodingException e) {
            throw new InvalidConfig("'" + file + "': labels must be UTF-8");
        }
    }
}
