package dev.teal.worker.contain;

import dev.teal.worker.foreign.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The few calls to the system's C library that Java has no words for. Where one is missing, nothing happens. */
final class Libc {
    /** Private memory that can be written: heaps, arenas, stacks. The same number on Linux and macOS. */
    static final int DATA = 2;

    static final int CORE = 4;

    private Libc() {}

    /** For good: what is lowered can't be raised again by anybody but root. @return whether it took effect */
    static boolean limit(int resource, long most) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment softAndHard = arena.allocate(ValueLayout.JAVA_LONG, 2);
            softAndHard.setAtIndex(ValueLayout.JAVA_LONG, 0, most);
            softAndHard.setAtIndex(ValueLayout.JAVA_LONG, 1, most);
            Optional<MemorySegment> setrlimit = find("setrlimit");
            return setrlimit.isPresent()
                    && (int) NativeCall.call(setrlimit.get(), resource, softAndHard.address()) == 0;
        }
    }

    /** Gives memory that was freed back to the system; glibc alone keeps it. */
    static void trim() {
        find("malloc_trim").ifPresent(function -> NativeCall.call(function, 0));
    }

    /** Ends the process in this instant: no hook is run, no destructor waits for a thread that is lost. */
    static void exit(int code) {
        try {
            find("_exit").ifPresent(function -> NativeCall.call(function, code));
        } finally {
            // Where there is no such function, or no memory to find it
            Runtime.getRuntime().halt(code);
        }
    }

    private static Optional<MemorySegment> find(String name) {
        return Linker.nativeLinker().defaultLookup().find(name);
    }
}
