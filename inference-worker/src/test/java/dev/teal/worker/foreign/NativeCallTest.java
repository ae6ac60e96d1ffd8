package dev.teal.worker.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class NativeCallTest {
    private static final Linker LINKER = Linker.nativeLinker();

    @Test
    void aFunctionSeesItsOwnArgumentsHoweverManyArePassed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom("teal");
            MemorySegment other = arena.allocateFrom("tear");

            assertThat(NativeCall.call(c("strlen"), text.address())).isEqualTo(4);
            assertThat((int) NativeCall.call(c("strcmp"), text.address(), other.address()))
                    .isNegative();
            assertThat((int) NativeCall.call(c("memcmp"), text.address(), other.address(), 3))
                    .isZero();
        }
    }

    @Test
    void eachOfEightArgumentsComesInItsPlaceAndTheResultIsWhole() throws ReflectiveOperationException {
        Class<?>[] longs = Collections.nCopies(8, long.class).toArray(Class<?>[]::new);
        ValueLayout[] layouts = new ValueLayout[8];
        Arrays.fill(layouts, ValueLayout.JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment places = LINKER.upcallStub(
                    MethodHandles.lookup()
                            .findStatic(NativeCallTest.class, "places", MethodType.methodType(long.class, longs)),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts),
                    arena);

            assertThat(NativeCall.call(places, 1, 2, 3, 4, 5, 6, 7, 8)).isEqualTo(12_345_678);
            assertThat(NativeCall.call(places, -900_000_000_000L, 0, 0, 0, 0)).isEqualTo(-9_000_000_000_000_000_000L);
            assertThat(NativeCall.call(places, 0, 0, 0, 0, 0, 0, 0, Long.MIN_VALUE))
                    .isEqualTo(Long.MIN_VALUE);
        }
    }

    @SuppressWarnings("unused") // called from native code
    private static long places(long a, long b, long c, long d, long e, long f, long g, long h) {
        long all = 0;
        for (long place : new long[] {a, b, c, d, e, f, g, h}) {
            all = all * 10 + place;
        }
        return all;
    }

    private static MemorySegment c(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }
}
