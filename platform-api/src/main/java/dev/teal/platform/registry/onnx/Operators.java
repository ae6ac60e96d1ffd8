package dev.teal.platform.registry.onnx;

import dev.teal.platform.registry.domain.UnsupportedOperators;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which operators are used, and by whom. Those of ONNX, of its classical part and of ONNX Runtime itself are built in; nobody registers others,
 * so any other domain must be one of the file's own functions.
 */
final class Operators {
    /** {@code com.microsoft} holds ONNX Runtime's built-in fused operators, which its optimizer writes into files. */
    private static final Set<String> BUILT_IN = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");
    /** Names a file with code made for one device. */
    private static final String NAMES_FILES = "EPContext";

    private static final int MOST_FUNCTIONS = 1_000;
    private static final int MOST_CALLS = 10_000;

    /** The graph itself. */
    static final Caller MAIN = new Caller();

    private final List<Caller> functions = new ArrayList<>();

    /** Operators that may be functions of the file, with who uses them. */
    private final Map<Operator, Set<Caller>> uses = new HashMap<>();

    private int calls;

    private record Operator(String domain, String name) {}

    /** A function of the file, or its graph. Its name is known only at its end. */
    static final class Caller {
        String name = "";
        String domain = "";
    }

    Caller newFunction() {
        if (functions.size() >= MOST_FUNCTIONS) {
            throw new UnsupportedOperators("the file defines more than " + MOST_FUNCTIONS + " functions");
        }
        Caller function = new Caller();
        functions.add(function);
        return function;
    }

    void used(String domain, String name, Caller caller) {
        if (name.equals(NAMES_FILES)) {
            throw new UnsupportedOperators(NAMES_FILES + " names other files");
        }
        // Functions may stand in built-in domains too, and only functions can close a circle
        if (!BUILT_IN.contains(domain) || caller != MAIN) {
            Set<Caller> users = uses.computeIfAbsent(new Operator(domain, name), _ -> new HashSet<>());
            if (users.add(caller) && ++calls > MOST_CALLS) {
                throw new UnsupportedOperators("more than " + MOST_CALLS + " different ones");
            }
        }
    }

    /** To be asked when the whole file is read: functions may stand after those that call them. */
    void requireKnown() {
        Map<Operator, Caller> defined = new HashMap<>();
        functions.forEach(function -> defined.put(new Operator(function.domain, function.name), function));
        uses.keySet().forEach(used -> {
            if (!BUILT_IN.contains(used.domain()) && !defined.containsKey(used)) {
                throw new UnsupportedOperators("'" + Printable.of(used.name()) + "' of domain '"
                        + Printable.of(used.domain())
                        + "'; there are those of ai.onnx, ai.onnx.ml and com.microsoft, and no custom ones");
            }
        });
        requireNoCircle(defined);
    }

    /** Takes functions that call no other away, again and again; what stays calls itself by some way. */
    private void requireNoCircle(Map<Operator, Caller> defined) {
        Map<Caller, Integer> openCalls = new HashMap<>();
        Map<Caller, List<Caller>> callersOf = new HashMap<>();
        uses.forEach((operator, callers) -> {
            Caller called = defined.get(operator);
            if (called != null) {
                for (Caller caller : callers) {
                    openCalls.merge(caller, 1, Integer::sum);
                    callersOf.computeIfAbsent(called, _ -> new ArrayList<>()).add(caller);
                }
            }
        });
        Deque<Caller> free = new ArrayDeque<>();
        functions.stream().filter(function -> !openCalls.containsKey(function)).forEach(free::add);
        int taken = 0;
        while (!free.isEmpty()) {
            taken++;
            for (Caller caller : callersOf.getOrDefault(free.remove(), List.of())) {
                if (openCalls.merge(caller, -1, Integer::sum) == 0 && caller != MAIN) {
                    free.add(caller);
                }
            }
        }
        if (taken < functions.size()) {
            throw new UnsupportedOperators("a function of the file calls itself");
        }
    }
}
