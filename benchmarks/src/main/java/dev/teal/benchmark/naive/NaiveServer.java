package dev.teal.benchmark.naive;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Spring MVC on virtual threads, Jackson, ONNX Runtime's Java binding. Prints its port when it is ready. */
@SpringBootApplication(proxyBeanMethods = false)
public class NaiveServer {
    private static final String MODEL = "naive.model";

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(NaiveServer.class);
        application.setDefaultProperties(Map.of(
                MODEL,
                arguments[0],
                "server.port",
                "0",
                "server.address",
                "127.0.0.1",
                // Tomcat would end each connection after a hundred requests: to its disadvantage
                "server.tomcat.max-keep-alive-requests",
                "-1",
                "spring.threads.virtual.enabled",
                "true",
                "spring.main.banner-mode",
                "off",
                "logging.threshold.console",
                "OFF"));
        var context = application.run();
        System.out.println(context.getEnvironment().getProperty("local.server.port"));
    }

    @Bean
    OrtSession session(Environment environment) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            String model = environment.getRequiredProperty(MODEL);
            return OrtEnvironment.getEnvironment().createSession(Path.of(model).toString(), options);
        }
    }
}
