package dev.teal.fleet.cache;

import dev.teal.fleet.cell.StateDirectory;
import dev.teal.protocol.cell.ControlPlane;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

    @Bean
    PinnedDigests pinnedDigests() {
        return new PinnedDigests();
    }

    @Bean
    ArtifactCache artifactCache(
            CacheProperties properties,
            StateDirectory directory,
            ControlPlane controlPlane,
            PinnedDigests pinned,
            InstantSource time,
            MeterRegistry meters)
            throws IOException {
        CacheFiles files =
                new CacheFiles(directory.resolve("cache"), properties.capacity().toBytes(), time);
        return new ArtifactCache(files, new Download(controlPlane, properties.fetchLimit()), pinned::digests, meters);
    }

    @Bean
    Prefetcher prefetcher(ArtifactCache cache, PinnedDigests pinned, CacheProperties properties) {
        return new Prefetcher(cache, pinned, properties);
    }
}
