package dev.teal.platform.registry;

import dev.teal.platform.database.DatabaseReady;
import dev.teal.platform.registry.store.ContentStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** The store, and its tidying when the program starts: drafts and files without rows are what a crash leaves. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
    private static final Logger log = LoggerFactory.getLogger(StoreConfiguration.class);
    /** Another control plane on the same folder may be writing; one upload does not take longer than this. */
    private static final Duration IN_USE = Duration.ofHours(1);

    @Bean
    ContentStore contentStore(ArtifactProperties properties) throws IOException {
        return new ContentStore(properties.directory());
    }

    /** Apart, as the store must exist before those who tidy it. */
    @Configuration(proxyBeanMethods = false)
    static class Tidying {
        private final ContentStore store;
        private final Registration registration;
        private final InstantSource clock;

        Tidying(ContentStore store, Registration registration, InstantSource clock) {
            this.store = store;
            this.registration = registration;
            this.clock = clock;
        }

        @EventListener(DatabaseReady.class)
        void tidy() {
            try {
                store.deleteDrafts(clock.instant().minus(IN_USE));
                store.forEachDigest(registration::forgetUnlessStored);
                log.atInfo().log("Artifact store is tidy");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
