package dev.teal.gateway.route;

import dev.teal.gateway.route.domain.RouteTable;
import dev.teal.protocol.cell.CellState;
import java.util.function.LongSupplier;

/** The table in force. It never goes back; while the control plane is away it stays. */
public final class Routes {
    private final LongSupplier ticker;
    private volatile RouteTable current = RouteTable.EMPTY;
    private volatile long adoptedNanos;

    /** @param ticker monotonic nanoseconds */
    public Routes(LongSupplier ticker) {
        this.ticker = ticker;
        this.adoptedNanos = ticker.getAsLong();
    }

    public RouteTable current() {
        return current;
    }

    /** A table that is not newer changes nothing. */
    public synchronized void adopt(CellState state) {
        if (state.revision() > current.revision()) {
            current = RouteTable.of(state);
            adoptedNanos = ticker.getAsLong();
        }
    }

    /** Seconds since the table in force was adopted. */
    public double ageSeconds() {
        return (ticker.getAsLong() - adoptedNanos) / 1e9;
    }

    /** Whether there is a state document to route by, from disk or from the control plane. */
    public boolean ready() {
        return current.revision() > 0;
    }
}
