package dev.teal.worker.foreign;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * One stub for every native function that a worker calls. The JDK makes a stub at run time for each list of argument types, at 5 to 10 ms of
 * a starting process each, and its AOT cache can't keep them.
 *
 * <p>It fits functions whose arguments and result are integers or pointers, {@value #ARGUMENTS} of them at most: by the calling conventions of
 * 64-bit Linux and macOS, on x86-64 and on arm64, each fills a register or a stack slot of 64 bits, the caller takes the slots away again,
 * and a function with fewer arguments never looks at the others. Not for floating point, structures by value, or functions with {@code ...}.
 */
public final class NativeCall {
    private static final int ARGUMENTS = 8;

    private static final MethodHandle STUB = stub();

    private NativeCall() {}

    private static MethodHandle stub() {
        MemoryLayout[] longs = new MemoryLayout[ARGUMENTS];
        Arrays.fill(longs, ValueLayout.JAVA_LONG);
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_LONG, longs));
    }

    /** @return what the function left in the result's register: of an {@code int} the lower half counts, of {@code void} nothing */
    public static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g, long h) {
        try {
            return (long) STUB.invokeExact(function, a, b, c, d, e, f, g, h);
        } catch (Throwable impossible) {
            throw new IllegalStateException("a native call cannot throw", impossible);
        }
    }

    public static long call(MemorySegment function, long a) {
        return call(function, a, 0, 0, 0, 0, 0, 0, 0);
    }

    public static long call(MemorySegment function, long a, long b) {
        return call(function, a, b, 0, 0, 0, 0, 0, 0);
    }

    public static long call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0, 0, 0);
    }

    public static long call(MemorySegment function, long a, long b, long c, long d) {
        return call(function, a, b, c, d, 0, 0, 0, 0);
    }

    public static long call(MemorySegment function, long a, long b, long c, long d, long e) {
        return call(function, a, b, c, d, e, 0, 0, 0);
    }
}
