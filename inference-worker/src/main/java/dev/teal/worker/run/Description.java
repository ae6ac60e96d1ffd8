package dev.teal.worker.run;

import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.RepositoryEntry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a worker tells of itself without computing. Any thread may ask, and is answered at once. */
public interface Description {
    /** @param extensions of the protocol, those alone that work */
    record Server(String name, String version, List<String> extensions) {
        public Server {
            extensions = List.copyOf(extensions);
        }
    }

    /**
     * What is loaded.
     *
     * @param name the endpoint's
     */
    record Loaded(
            String name, String version, String digest, ModelSignature signature, ModelConfiguration configuration) {
        /** Whether a request means this. @param version null: whichever there is */
        public boolean isCalled(String name, @Nullable String version) {
            return this.name.equals(name) && (version == null || version.equals(this.version));
        }
    }

    Server server();

    /** False once it is about to exit. */
    boolean live();

    /** Whether anybody's requests are taken. */
    boolean ready();

    /** Empty until a model is loaded. */
    Optional<Loaded> loaded();

    /** Of what is loaded. */
    Optional<ModelStatistics> statistics();

    /** What is loaded, as the repository has it. @param readyOnly nothing that takes no requests */
    default List<RepositoryEntry> index(boolean readyOnly) {
        boolean ready = ready();
        return loaded().stream()
                .filter(_ -> ready || !readyOnly)
                .map(now -> new RepositoryEntry(now.name(), now.version(), ready ? "READY" : "UNAVAILABLE", ""))
                .toList();
    }
}
