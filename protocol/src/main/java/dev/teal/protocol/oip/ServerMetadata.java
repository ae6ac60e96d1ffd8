package dev.teal.protocol.oip;

import java.util.List;

/** What a server tells of itself, a gateway and a worker alike. */
public record ServerMetadata(String name, String version, List<String> extensions) {
    public static final String NAME = "teal";

    /** Those alone that work. Loading and unloading do not, so of the repository it is the index. */
    public static final List<String> EXTENSIONS = List.of(
            "binary_tensor_data",
            "classification",
            "parameters",
            "schedule_policy",
            "model_configuration",
            "model_repository",
            "statistics");

    public ServerMetadata {
        extensions = List.copyOf(extensions);
    }

    /** @param version of the software */
    public static ServerMetadata of(String version) {
        return new ServerMetadata(NAME, version, EXTENSIONS);
    }
}
