package dev.teal.protocol.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which operators are used, and by whom. Those of ONNX, of its classical part and of ONNX Runtime itself are built in; nobody registers others,
 * so any other domain must be one of the file's own functions.
 */
final class Operators {
    /**
     * {@code com.microsoft} holds ONNX Runtime's built-in fused operators, which its optimizer writes into files. Not so {@code com.microsoft.nchwc}
     * and {@code com.ms.internal.nhwc}: what is in them was made for one processor and believes what it is given. {@code ai.onnx.training} and the
     * preview domains have no operators in a runtime that only infers.
     */
    private static final Set<String> BUILT_IN = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");
    /** They carry or name what was compiled for one device, or call into another framework. */
    private static final Set<String> FOREIGN_CODE =
            Set.of("EPContext", "Snpe", "ATen", "PyOp", "PythonOp", "PythonOpGrad");

    private static final int MOST_CALLS = 10_000;
    /** Functions are written out where they are called: twenty that call each other twice are a million nodes. */
    private static final long MOST_NODES_WRITTEN_OUT = 1_000_000;

    /** The graph itself. */
    static final Caller MAIN = new Caller();

    private final Map<Operator, Caller> functions = new HashMap<>();

    /** Operators that may be functions of the file, with who uses them and how often. */
    private final Map<Operator, Map<Caller, Long>> uses = new HashMap<>();

    private int calls;

    /** Comparable, so that a map finds one among others of the same hash, which a file can have thousands of. */
    record Operator(String domain, String name, String overload) implements Comparable<Operator> {
        private static final Comparator<Operator> ORDER = Comparator.comparing(Operator::name)
                .thenComparing(Operator::domain)
                .thenComparing(Operator::overload);

        Operator {
            domain = domain.equals("ai.onnx") ? "" : domain;
        }

        @Override
        public int compareTo(Operator other) {
            return ORDER.compare(this, other);
        }
    }

    /** A function of the file, or its graph. */
    static final class Caller {}

    void define(Operator name, Caller function) {
        if (functions.putIfAbsent(name, function) != null) {
            throw OnnxRefused.notAModel("it defines the function '" + Printable.of(name.name()) + "' twice");
        }
    }

    void used(Operator operator, Caller caller) {
        if (FOREIGN_CODE.contains(operator.name())) {
            throw OnnxRefused.operators(operator.name() + " names other files or foreign code");
        }
        Map<Caller, Long> users = uses.computeIfAbsent(operator, _ -> new HashMap<>());
        if (users.merge(caller, 1L, Long::sum) == 1 && ++calls > MOST_CALLS) {
            throw OnnxRefused.overLimit("it uses more than " + MOST_CALLS + " different operators");
        }
    }

    /** To be asked when the whole file is read: functions may stand after those that call them. */
    void requireKnown() {
        uses.keySet().forEach(used -> {
            if (!BUILT_IN.contains(used.domain()) && !functions.containsKey(used)) {
                throw OnnxRefused.operators("'" + Printable.of(used.name()) + "' of domain '"
                        + Printable.of(used.domain())
                        + "'; there are those of ai.onnx, ai.onnx.ml and com.microsoft, and no custom ones");
            }
        });
        requireNoCircle();
    }

    /**
     * Takes functions that call no other away, again and again, and writes them out where they are called; what stays calls itself by some way.
     */
    private void requireNoCircle() {
        Map<Caller, Integer> openCalls = new HashMap<>();
        Map<Caller, List<Map.Entry<Caller, Long>>> callersOf = new HashMap<>();
        Map<Caller, Long> nodes = new HashMap<>();
        uses.forEach((operator, callers) -> {
            Caller called = functions.get(operator);
            callers.forEach((caller, times) -> {
                if (called == null) {
                    nodes.merge(caller, times, Long::sum);
                } else {
                    openCalls.merge(caller, 1, Integer::sum);
                    callersOf.computeIfAbsent(called, _ -> new ArrayList<>()).add(Map.entry(caller, times));
                }
            });
        });
        Deque<Caller> free = new ArrayDeque<>();
        functions.values().stream()
                .filter(function -> !openCalls.containsKey(function))
                .forEach(free::add);
        int taken = 0;
        while (!free.isEmpty()) {
            taken++;
            Caller called = free.remove();
            long size = nodes.getOrDefault(called, 0L);
            for (Map.Entry<Caller, Long> call : callersOf.getOrDefault(called, List.of())) {
                Caller caller = call.getKey();
                // Neither factor is above a million
                long sum = nodes.merge(caller, call.getValue() * size, Long::sum);
                if (sum > MOST_NODES_WRITTEN_OUT) {
                    throw OnnxRefused.overLimit(
                            "its functions have more than " + MOST_NODES_WRITTEN_OUT + " nodes when written out");
                }
                if (openCalls.merge(caller, -1, Integer::sum) == 0 && caller != MAIN) {
                    free.add(caller);
                }
            }
        }
        if (taken < functions.size()) {
            throw OnnxRefused.operators("a function of the file calls itself");
        }
    }
}
