package dev.teal.cli.demo;

import dev.teal.cli.local.HomeOption;
import dev.teal.cli.local.Installation;
import dev.teal.cli.local.LocalTeal;
import dev.teal.cli.local.PortOptions;
import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code teal demo}. */
@Command(
        name = "demo",
        description = {
            "Tells what Teal is for, live.",
            "A model is served, replaced under load without one failed request, rolled back, goes to zero and wakes.",
            "Starts Teal where none runs. Ends with 1 if anything was not as told."
        })
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private final HomeOption homeOption = new HomeOption();

    @Mixin
    private final PortOptions portOptions = new PortOptions();

    @Override
    public Integer call() throws Exception {
        Terminal terminal = Terminal.standard();
        boolean ran = LocalTeal.running(homeOption.home()).isPresent();
        LocalTeal local = LocalTeal.runningOrStarted(homeOption.home(), portOptions, terminal);
        long start = System.nanoTime();
        try (TealClient teal = new TealClient(local.api(), local.adminKey());
                Inference inference = new Inference(local.inference(), Story.NAME)) {
            new Story(teal, inference, Installation.ofThisProgram().examples(), Story.Pace.FOR_PEOPLE, terminal).tell();
        } catch (NotAsTold e) {
            throw new Refused(Refused.FAILED, "NOT AS TOLD: " + e.getMessage());
        } catch (IOException e) {
            throw new Refused(Refused.FAILED, "NOT AS TOLD: a call failed: " + e);
        }
        terminal.say("");
        terminal.say("All as told, in %s. Look around:", Terminal.since(start));
        terminal.say(
                "  Swagger UI   %s/swagger-ui.html   (Authorize with the key in %s)",
                local.api(), local.home().adminKey());
        terminal.say("  Inference    %s/v2/models/%s", local.inference(), Story.NAME);
        terminal.say(
                ran
                        ? "Teal goes on running as before."
                        : "Teal goes on running: ./teal status, ./teal logs, ./teal down");
        return 0;
    }
}
