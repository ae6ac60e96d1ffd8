package dev.teal.worker.serve;

/** Who answers the requests of a socket; called on its event loop, must not block, and sees to it that {@link Exchange#respond} follows. */
@FunctionalInterface
public interface Routes {
    void answer(Exchange exchange);
}
