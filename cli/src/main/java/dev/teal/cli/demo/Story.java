package dev.teal.cli.demo;

import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;

/** The steps of the demo in their order. Each says what it does, does it, and checks it. */
final class Story {
    static final String NAME = "fraud-detection";
    private static final String OLD = "1";
    private static final String NEW = "2";
    /** Short, so that one sees it go to zero; in earnest it would be minutes. */
    private static final String IDLE_TIMEOUT = "5s";

    private static final Duration LOOK = Duration.ofMillis(200);

    private final TealClient teal;
    private final Inference inference;
    private final Path examples;
    private final Example example;
    private final Pace pace;
    private final Terminal terminal;
    private int chapter;

    /**
     * How long one looks at what does not change by itself.
     *
     * @param patience with what should come; after that it is not as told
     */
    record Pace(Duration before, Duration after, Duration patience) {
        static final Pace FOR_PEOPLE = new Pace(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofSeconds(120));
    }

    Story(TealClient teal, Inference inference, Path examples, Pace pace, Terminal terminal) throws IOException {
        this.teal = teal;
        this.inference = inference;
        this.examples = examples.resolve(NAME);
        this.example = Example.mostTelling(this.examples);
        this.pace = pace;
        this.terminal = terminal;
    }

    void tell() throws Exception {
        register();
        serve();
        switchUnderLoad();
        sleepAndWake();
    }

    private void register() throws IOException, InterruptedException {
        chapter("Register two versions of a model");
        teal.model(NAME);
        show(
                teal.version(
                        NAME,
                        OLD,
                        examples.resolve("v1.onnx"),
                        examples.resolve("v1.samples.json"),
                        "logistic regression"),
                OLD);
        show(
                teal.version(
                        NAME,
                        NEW,
                        examples.resolve("v2.onnx"),
                        examples.resolve("v2.samples.json"),
                        "and 40 boosted trees"),
                NEW);
    }

    private void show(JsonNode version, String number) {
        String digest = version.path("digest").asString("");
        terminal.say("  %s %s  %s…", NAME, number, digest.substring(0, Math.min(digest.length(), 19)));
    }

    private void serve() throws Exception {
        chapter("Serve version 1 under a stable name");
        long start = System.nanoTime();
        if (teal.endpoint(NAME)
                .flatMap(EndpointView::activeVersion)
                .filter(NEW::equals)
                .isPresent()) {
            terminal.say("  version 2 is live from an earlier run; back to 1 first");
            finish(teal.startRollout(NAME, rolloutTo(OLD, "0s", "0s")).id(), "SUCCEEDED");
        }
        teal.putEndpoint(
                NAME,
                Map.of(
                        "model",
                        NAME,
                        "version",
                        OLD,
                        "region",
                        "local",
                        "configuration",
                        Map.of("idleTimeout", IDLE_TIMEOUT, "minWorkers", 0, "maxWorkers", 2)));
        await("version 1 to be live", () -> {
            EndpointView seen = teal.endpoint(NAME).orElseThrow(() -> new NotAsTold("the endpoint is not there"));
            return seen.activeVersion().filter(OLD::equals).isPresent() && !seen.hasOpenRollout();
        });
        await("the gateway to route to it", inference::isReady);
        terminal.say("  live at %s  %s", inference.address(), Terminal.since(start));
        predict(OLD);
    }

    private void switchUnderLoad() throws Exception {
        chapter("Replace it under load: six clients call all the time");
        Load load = new Load(inference, example).start();
        LiveTable table = new LiveTable(load, terminal);
        try {
            Thread.sleep(pace.before());
            terminal.say("  >> roll out version 2: it is loaded beside 1, reproduces its golden samples, takes over");
            finish(teal.startRollout(NAME, rolloutTo(NEW, "4s", "10m")).id(), "SUCCEEDED");
            predict(NEW);
            Thread.sleep(pace.after());
            terminal.say("  >> roll back: version 1 stands by, so it is one step");
            finish(teal.rollback(NAME).id(), "SUCCEEDED");
            predict(OLD);
            Thread.sleep(pace.after());
        } finally {
            load.stop();
            table.stop();
        }
        terminal.say("");
        terminal.say(
                "  requests %d, failed %d, every answer checked against the version that it names",
                load.requests(), load.failures());
        NotAsTold.unless(
                load.failures() == 0,
                "%d requests failed, the first: %s",
                load.failures(),
                load.firstTrouble().orElse(""));
        NotAsTold.unless(load.requests() > 0, "no request was made");
    }

    private void sleepAndWake() throws Exception {
        chapter("Nobody calls any more: it goes to zero, and one request wakes it");
        long start = System.nanoTime();
        await(
                "its workers to be stopped",
                () -> teal.endpoint(NAME).filter(seen -> seen.workers() == 0).isPresent());
        terminal.say("  workers 0 after %s without a request (idle timeout %s)", Terminal.since(start), IDLE_TIMEOUT);
        Answer first = predict(OLD);
        Answer second = predict(OLD);
        terminal.say(
                "  cold start %s, with the answer; the next one %s",
                LiveTable.millis(first.took()), LiveTable.millis(second.took()));
    }

    private static Map<String, String> rolloutTo(String version, String bake, String standby) {
        return Map.of("version", version, "promotion", "auto", "bake", bake, "standby", standby);
    }

    /** Follows a rollout to its end and says each state that it sees. */
    private void finish(String rollout, String expected) throws Exception {
        long start = System.nanoTime();
        String state = "";
        while (System.nanoTime() - start < pace.patience().toNanos()) {
            RolloutView seen = teal.rollout(rollout);
            if (!seen.state().equals(state)) {
                state = seen.state();
                terminal.say("  >> %-12s %s", state.toLowerCase(Locale.ROOT), Terminal.since(start));
            }
            if (seen.ended()) {
                NotAsTold.unless(state.equals(expected), "the rollout ended %s: %s", state, seen.reason());
                return;
            }
            Thread.sleep(LOOK);
        }
        throw new NotAsTold("the rollout is still " + state + " after " + Terminal.spell(pace.patience()));
    }

    private Answer predict(String version) throws IOException, InterruptedException {
        Answer answer = inference.infer(example.body());
        terminal.say(
                "  the same input is fraud with %5.1f %%   (%s, version %s, generation %d)",
                answer.fraud() * 100, answer.color(), answer.version(), answer.generation());
        NotAsTold.unless(answer.version().equals(version), "version %s answered, not %s", answer.version(), version);
        NotAsTold.unless(
                example.isRight(version, answer.fraud()), "version %s does not say %s", version, answer.fraud());
        return answer;
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            NotAsTold.unless(
                    System.nanoTime() - start < pace.patience().toNanos(),
                    "waited %s for %s",
                    Terminal.spell(pace.patience()),
                    what);
            Thread.sleep(LOOK);
        }
    }

    private void chapter(String title) {
        chapter++;
        terminal.say("");
        terminal.say("%d. %s", chapter, title);
    }
}
