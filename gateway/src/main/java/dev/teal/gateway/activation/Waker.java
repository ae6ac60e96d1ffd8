package dev.teal.gateway.activation;

import reactor.core.publisher.Mono;

/** Asks the fleet for a ready worker. */
public interface Waker {
    Mono<WakeResult> wake(LaneKey lane, long deadlineMillis);
}
