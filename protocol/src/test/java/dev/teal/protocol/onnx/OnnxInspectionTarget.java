package dev.teal.protocol.onnx;

import com.sun.management.ThreadMXBean;
import dev.teal.protocol.fuzz.FuzzTarget;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/** The walk through a model's file: a signature or a refusal, in memory that grows no faster than the file. */
public final class OnnxInspectionTarget implements FuzzTarget {
    private static final int MOST_SEED_BYTES = 2_000;
    /** A string of one byte is a record of some fifty on the heap, in a set of as much; lambdas come on top. */
    private static final long MOST_BYTES_PER_BYTE = 400;

    /** Classes that are loaded on the way take a megabyte. */
    private static final long MOST_BYTES = 4 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public String name() {
        return "onnx-inspection";
    }

    @Override
    public List<byte[]> seeds() {
        return HostileModel.corpus().stream()
                .map(model -> model.content().of(Path.of("canary.txt")))
                .filter(bytes -> bytes.length <= MOST_SEED_BYTES)
                .toList();
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.words(
                "ai.onnx", "ai.onnx.ml", "com.microsoft", "location", "*/_ORT_MEM_ADDR_/*", "Constant", "If", "ORTM");
    }

    @Override
    public String run(byte[] input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        String outcome = outcome(input);
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (taken > MOST_BYTES + input.length * MOST_BYTES_PER_BYTE) {
            throw new AssertionError(input.length + " bytes took " + taken + " of memory");
        }
        return outcome;
    }

    private static String outcome(byte[] input) {
        try {
            var signature = OnnxInspection.read(MemorySegment.ofArray(input));
            return "ok with "
                    + signature.inputs().stream()
                            .map(spec -> spec.datatype() + "/" + spec.shape().size())
                            .toList();
        } catch (OnnxRefused refused) {
            return refused.getMessage();
        }
    }
}
