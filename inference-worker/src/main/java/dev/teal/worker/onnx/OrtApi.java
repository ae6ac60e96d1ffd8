package dev.teal.worker.onnx;

import dev.teal.worker.foreign.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * The C API's table of functions ({@code OrtApi} in {@code onnxruntime_c_api.h}). Its order is part of the ABI and only grows at the end, so
 * a function is known by its place. The Java binding is not used: it can't create unsigned tensors and breaks strings that are not
 * modified UTF-8.
 */
final class OrtApi {
    static final int GET_ERROR_MESSAGE = 2;
    static final int CREATE_ENV = 3;
    static final int DISABLE_TELEMETRY_EVENTS = 6;
    static final int CREATE_SESSION = 7;
    static final int CREATE_SESSION_FROM_ARRAY = 8;
    static final int RUN = 9;
    static final int CREATE_SESSION_OPTIONS = 10;
    static final int SET_OPTIMIZED_MODEL_FILE_PATH = 11;
    static final int SET_SESSION_EXECUTION_MODE = 13;
    static final int SET_INTRA_OP_NUM_THREADS = 24;
    static final int SET_INTER_OP_NUM_THREADS = 25;
    static final int SESSION_GET_INPUT_COUNT = 30;
    static final int SESSION_GET_OUTPUT_COUNT = 31;
    static final int SESSION_GET_INPUT_TYPE_INFO = 33;
    static final int SESSION_GET_OUTPUT_TYPE_INFO = 34;
    static final int SESSION_GET_INPUT_NAME = 36;
    static final int SESSION_GET_OUTPUT_NAME = 37;
    static final int CREATE_RUN_OPTIONS = 39;
    static final int RUN_OPTIONS_SET_TERMINATE = 46;
    static final int RUN_OPTIONS_UNSET_TERMINATE = 47;
    static final int CREATE_TENSOR_AS_ORT_VALUE = 48;
    static final int CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE = 49;
    static final int IS_TENSOR = 50;
    static final int GET_TENSOR_MUTABLE_DATA = 51;
    static final int GET_STRING_TENSOR_DATA_LENGTH = 53;
    static final int GET_STRING_TENSOR_CONTENT = 54;
    static final int CAST_TYPE_INFO_TO_TENSOR_INFO = 55;
    static final int GET_TENSOR_ELEMENT_TYPE = 60;
    static final int GET_DIMENSIONS_COUNT = 61;
    static final int GET_DIMENSIONS = 62;
    static final int GET_SYMBOLIC_DIMENSIONS = 63;
    static final int GET_TENSOR_TYPE_AND_SHAPE = 65;
    static final int CREATE_CPU_MEMORY_INFO = 69;
    static final int ALLOCATOR_FREE = 76;
    static final int GET_ALLOCATOR_WITH_DEFAULT_OPTIONS = 78;
    static final int RELEASE_STATUS = 93;
    static final int RELEASE_SESSION = 95;
    static final int RELEASE_VALUE = 96;
    static final int RELEASE_RUN_OPTIONS = 97;
    static final int RELEASE_TYPE_INFO = 98;
    static final int RELEASE_TENSOR_TYPE_AND_SHAPE_INFO = 99;
    static final int RELEASE_SESSION_OPTIONS = 100;
    static final int ADD_SESSION_CONFIG_ENTRY = 130;
    static final int GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER = 252;

    private static final int TABLE_SIZE = GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER + 1;

    /** The version that has all of the above; any later library gives it too. */
    private static final int API_VERSION = 23;

    private final MemorySegment[] functions = new MemorySegment[TABLE_SIZE];
    private final String version;
    private volatile boolean failed;

    private OrtApi(MemorySegment base) {
        MemorySegment entries = base.reinterpret(2 * ValueLayout.ADDRESS.byteSize());
        this.version = string(NativeCall.call(entries.getAtIndex(ValueLayout.ADDRESS, 1), 0));
        MemorySegment table = MemorySegment.ofAddress(
                        NativeCall.call(entries.getAtIndex(ValueLayout.ADDRESS, 0), API_VERSION))
                .reinterpret(TABLE_SIZE * ValueLayout.ADDRESS.byteSize());
        for (int slot = 0; slot < TABLE_SIZE; slot++) {
            functions[slot] = table.getAtIndex(ValueLayout.ADDRESS, slot);
        }
    }

    /** Maps the library for the life of the process. */
    static OrtApi load(Path library) {
        MemorySegment getApiBase =
                SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow("OrtGetApiBase");
        return new OrtApi(MemorySegment.ofAddress(NativeCall.call(getApiBase, 0)));
    }

    String version() {
        return version;
    }

    /** Whether any call was ever refused. */
    boolean failed() {
        return failed;
    }

    void check(long status) throws OnnxFailure {
        if (status != 0) {
            failed = true;
            String message = string(call(GET_ERROR_MESSAGE, status));
            call(RELEASE_STATUS, status);
            throw new OnnxFailure(message);
        }
    }

    static String string(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
    }

    long call(int slot, long a) {
        return NativeCall.call(functions[slot], a);
    }

    long call(int slot, long a, long b) {
        return NativeCall.call(functions[slot], a, b);
    }

    long call(int slot, long a, long b, long c) {
        return NativeCall.call(functions[slot], a, b, c);
    }

    long call(int slot, long a, long b, long c, long d) {
        return NativeCall.call(functions[slot], a, b, c, d);
    }

    long call(int slot, long a, long b, long c, long d, long e) {
        return NativeCall.call(functions[slot], a, b, c, d, e);
    }

    long call(int slot, long a, long b, long c, long d, long e, long f, long g) {
        return NativeCall.call(functions[slot], a, b, c, d, e, f, g, 0);
    }

    long call(int slot, long a, long b, long c, long d, long e, long f, long g, long h) {
        return NativeCall.call(functions[slot], a, b, c, d, e, f, g, h);
    }
}
