package dev.teal.fleet;

import dev.teal.fleet.cache.Prefetcher;
import dev.teal.fleet.run.Adoption;
import dev.teal.fleet.run.Reconciler;
import dev.teal.protocol.cell.CellMember;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The order of a start: workers that still run are taken up, then the state from disk comes into force, then gateways are let in, then
 * the control plane is asked for news.
 */
@Component
class FleetLifecycle implements SmartLifecycle {

    private final Adoption adoption;
    private final Reconciler reconciler;
    private final Prefetcher prefetcher;
    private final CellMember member;
    private volatile boolean running;

    FleetLifecycle(Adoption adoption, Reconciler reconciler, Prefetcher prefetcher, CellMember member) {
        this.adoption = adoption;
        this.reconciler = reconciler;
        this.prefetcher = prefetcher;
        this.member = member;
    }

    @Override
    public void start() {
        try {
            adoption.adoptAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        member.listen(reconciler::adopt);
        member.listen(prefetcher::adopt);
        reconciler.start();
        prefetcher.start();
        running = true;
    }

    @EventListener(ApplicationReadyEvent.class)
    void follow() {
        member.start();
    }

    @Override
    public void stop() {
        member.close();
        prefetcher.close();
        reconciler.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server. */
    @Override
    public int getPhase() {
        return 0;
    }
}
