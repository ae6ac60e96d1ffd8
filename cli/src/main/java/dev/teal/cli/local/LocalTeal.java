package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;

/**
 * A Teal of this machine as its users see it: addresses and the key of its administrator.
 *
 * @param grpc host and port, as gRPC clients take them
 */
public record LocalTeal(Home home, URI api, URI inference, String grpc) {

    /** The one that a launcher keeps running in this home, once it is ready. */
    public static Optional<LocalTeal> running(Home home) throws IOException {
        return new RunRecords(home.run())
                .read(LauncherState.FILE, LauncherState.class)
                .filter(state -> state.phase() == LauncherState.Phase.READY)
                .filter(state -> state.process().find().isPresent())
                .map(state -> of(home, new Ports(state.ports())));
    }

    /** The running one, or one started now in the background. */
    public static LocalTeal runningOrStarted(Home home, PortOptions ports, Terminal terminal)
            throws IOException, InterruptedException {
        Optional<LocalTeal> running = running(home);
        return running.isPresent() ? running.get() : Background.start(home, ports.asked(), terminal);
    }

    static LocalTeal of(Home home, Ports ports) {
        return new LocalTeal(
                home,
                URI.create("http://127.0.0.1:" + ports.of(Port.API)),
                URI.create("http://127.0.0.1:" + ports.of(Port.INFERENCE)),
                "127.0.0.1:" + ports.of(Port.INFERENCE_GRPC));
    }

    public String adminKey() throws IOException {
        if (Files.notExists(home.adminKey())) {
            throw new Refused(
                    Refused.FAILED,
                    "There is no key in " + home.adminKey()
                            + ". It is written at the first start of an empty database and not kept anywhere else.");
        }
        return Files.readString(home.adminKey()).strip();
    }

    /** @param keyIsNew made by this start: then it is shown, this once */
    void introduce(Terminal terminal, boolean keyIsNew) throws IOException {
        terminal.say("");
        terminal.say("  API          %s/api/v1", api);
        terminal.say("  Swagger UI   %s/swagger-ui.html", api);
        terminal.say("  Inference    %s/v2", inference);
        terminal.say("  gRPC         %s", grpc);
        if (keyIsNew && Files.exists(home.adminKey())) {
            terminal.say("  Admin key    %s", adminKey());
            terminal.say("               shown this once; kept for you in %s", home.adminKey());
        } else {
            terminal.say("  Admin key    in %s", home.adminKey());
        }
        terminal.say("");
    }
}
