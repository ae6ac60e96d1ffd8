package dev.teal.gateway.activation;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who waits in a lane, by their turn and, where that is equal, as they came; as far as the endpoint's buffer has room. Guarded by the lane's lock. */
final class Line {
    /** The turn of who must not be passed. */
    static final long BEFORE_ALL = Long.MIN_VALUE;

    private final Buffer buffer;
    private final NavigableSet<Place> byTurn =
            new TreeSet<>(Comparator.comparingLong(Place::turnNanos).thenComparingLong(Place::number));
    private final SequencedMap<Waiter, Place> byArrival = new LinkedHashMap<>();
    private long joined;

    /**
     * A place in line.
     *
     * @param number in the order in which they joined
     * @param sinceNanos it stands here
     */
    record Place(Waiter waiter, long turnNanos, long number, long sinceNanos) {}

    Line(Buffer buffer) {
        this.buffer = buffer;
    }

    /** @return false when no more may wait */
    boolean join(Waiter waiter, long turnNanos, long nowNanos) {
        boolean room = buffer.take(waiter.bodyBytes());
        if (room) {
            Place place = new Place(waiter, turnNanos, joined++, nowNanos);
            byTurn.add(place);
            byArrival.put(waiter, place);
        }
        return room;
    }

    /** @return false when it is not in line */
    boolean leave(Waiter waiter) {
        Place place = byArrival.remove(waiter);
        if (place == null) {
            return false;
        }
        byTurn.remove(place);
        buffer.give(waiter.bodyBytes());
        return true;
    }

    /** Whose turn it is. */
    @Nullable
    Place first() {
        return byTurn.isEmpty() ? null : byTurn.first();
    }

    /** Who has stood here longest. */
    @Nullable
    Place oldest() {
        return byArrival.isEmpty() ? null : byArrival.firstEntry().getValue();
    }

    /** @return all who were in line, whose turn it was first */
    List<Waiter> clear() {
        List<Waiter> all = byTurn.stream().map(Place::waiter).toList();
        all.forEach(waiter -> buffer.give(waiter.bodyBytes()));
        byTurn.clear();
        byArrival.clear();
        return all;
    }

    boolean isEmpty() {
        return byTurn.isEmpty();
    }

    int size() {
        return byTurn.size();
    }
}
