package dev.teal.fleet.worker;

import dev.teal.fleet.cell.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {

    @Bean
    UnixHttp unixHttp() {
        return new UnixHttp();
    }

    @Bean
    AvailableMemory availableMemory() {
        return AvailableMemory.ofMachine();
    }

    @Bean
    WorkerRuntime workerRuntime(WorkerProperties properties, StateDirectory directory, UnixHttp http)
            throws IOException {
        if (!Files.isRegularFile(properties.jar())) {
            throw new IllegalStateException("fleet.worker.jar is no file: " + properties.jar());
        }
        SocketDirectory sockets = SocketDirectory.open(properties.socketDirectory(), directory.path());
        return new LocalWorkerRuntime(properties, directory.path(), sockets, http, new SecureRandom());
    }
}
