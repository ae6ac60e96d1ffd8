package dev.teal.gateway.activation;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who waits in a lane, first come first served, as far as the endpoint's buffer has room. Guarded by the lane's lock. */
final class Line {
    private final Buffer buffer;
    private final ArrayDeque<Place> places = new ArrayDeque<>();

    record Place(Waiter waiter, long sinceNanos) {}

    Line(Buffer buffer) {
        this.buffer = buffer;
    }

    /** @return false when no more may wait */
    boolean join(Waiter waiter, long nowNanos) {
        boolean room = buffer.take(waiter.bodyBytes());
        if (room) {
            places.add(new Place(waiter, nowNanos));
        }
        return room;
    }

    /** @return false when it is not in line */
    boolean leave(Waiter waiter) {
        boolean left = places.removeIf(place -> place.waiter() == waiter);
        if (left) {
            buffer.give(waiter.bodyBytes());
        }
        return left;
    }

    @Nullable
    Place first() {
        return places.peek();
    }

    void removeFirst() {
        buffer.give(places.remove().waiter().bodyBytes());
    }

    /** @return all who were in line */
    List<Waiter> clear() {
        List<Waiter> all = places.stream().map(Place::waiter).toList();
        all.forEach(waiter -> buffer.give(waiter.bodyBytes()));
        places.clear();
        return all;
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    int size() {
        return places.size();
    }
}
