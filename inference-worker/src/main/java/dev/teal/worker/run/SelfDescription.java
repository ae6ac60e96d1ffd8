package dev.teal.worker.run;

import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.worker.life.Life;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the worker of a desk tells of itself. */
public final class SelfDescription implements Description {
    private final Life life;
    private final Inference desk;
    private final Server server;
    private volatile @Nullable Told told;

    /** What was made of what is served, which is asked for at each request. */
    private record Told(Served served, Loaded loaded) {}

    public SelfDescription(Life life, Inference desk, Server server) {
        this.life = life;
        this.desk = desk;
        this.server = server;
    }

    @Override
    public Server server() {
        return server;
    }

    @Override
    public boolean live() {
        return true;
    }

    @Override
    public boolean ready() {
        return life.isReady() && desk.served().isPresent();
    }

    @Override
    public Optional<Loaded> loaded() {
        return desk.served().map(this::of);
    }

    private Loaded of(Served served) {
        Told last = told;
        if (last != null && last.served() == served) {
            return last.loaded();
        }
        Model model = served.model();
        Loaded loaded = new Loaded(
                model.name(),
                model.version(),
                served.digest(),
                model.signature(),
                ModelConfiguration.of(model.name(), model.signature(), model.config(), served.runtime()));
        told = new Told(served, loaded);
        return loaded;
    }

    @Override
    public Optional<ModelStatistics> statistics() {
        return desk.served().map(Served::statistics);
    }
}
