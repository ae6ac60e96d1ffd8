package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** Which port each purpose has in one run. */
record Ports(Map<Port, Integer> byPurpose) {
    Ports {
        byPurpose = Map.copyOf(byPurpose);
    }

    int of(Port port) {
        Integer number = byPurpose.get(port);
        return number == null ? port.usual() : number;
    }

    /**
     * Chooses before anything is started. What was asked for and the public defaults are taken or refused; an inner default that somebody else
     * holds gives way.
     *
     * @param asked by flag or environment
     * @param last of the run before, where parts of it are still there: they know each other by these
     * @param isFree whether nobody else listens there
     * @param notes told of each port that had to move
     */
    static Ports choose(
            Map<Port, Integer> asked, Map<Port, Integer> last, IntPredicate isFree, Consumer<String> notes) {
        Map<Port, Integer> chosen = new EnumMap<>(Port.class);
        Map<Integer, Port> taken = new HashMap<>();
        for (Port port : Port.values()) {
            int wanted = asked.getOrDefault(port, last.getOrDefault(port, port.usual()));
            if (!taken.containsKey(wanted) && isFree.test(wanted)) {
                chosen.put(port, wanted);
            } else if (asked.containsKey(port) || port.isPublic()) {
                throw refusal(port, wanted, Optional.ofNullable(taken.get(wanted)));
            } else {
                chosen.put(port, anyFree(isFree, taken));
                notes.accept("Port %d for %s is taken%s; using %d (%s chooses)"
                        .formatted(wanted, port.purpose(), PortHolder.said(wanted), chosen.get(port), port.flag()));
            }
            taken.put(chosen.getOrDefault(port, wanted), port);
        }
        return new Ports(chosen);
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Refused refusal(Port port, int wanted, Optional<Port> other) {
        String holder =
                other.map(same -> " for " + same.purpose() + " of this Teal").orElseGet(() -> PortHolder.said(wanted));
        return new Refused(
                Refused.USAGE,
                "Port %d, for %s, is taken%s.%nChoose another: ./teal up %s %d   (or %s=%d in the environment)"
                        .formatted(
                                wanted,
                                port.purpose(),
                                holder,
                                port.flag(),
                                suggestion(wanted),
                                port.variable(),
                                suggestion(wanted)));
    }

    private static int suggestion(int wanted) {
        for (int port = wanted + 10_000 > 65_000 ? 18_000 : wanted + 10_000; port < 65_000; port++) {
            if (isFree(port)) {
                return port;
            }
        }
        return wanted + 1;
    }

    private static int anyFree(IntPredicate isFree, Map<Integer, Port> taken) {
        while (true) {
            int port = offered();
            if (!taken.containsKey(port) && isFree.test(port)) {
                return port;
            }
        }
    }

    private static int offered() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
