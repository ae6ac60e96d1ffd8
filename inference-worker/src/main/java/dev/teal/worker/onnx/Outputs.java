package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a run made. The tensors lie in the runtime's memory, which {@link #close} gives back: on any thread, once or more. */
public final class Outputs implements AutoCloseable {
    private final List<Tensor> tensors;
    private final Runnable release;
    private final AtomicBoolean released = new AtomicBoolean();

    Outputs(List<Tensor> tensors, Runnable release) {
        this.tensors = tensors;
        this.release = release;
    }

    public List<Tensor> tensors() {
        return tensors;
    }

    /** Of their elements. */
    public long bytes() {
        return tensors.stream().mapToLong(tensor -> tensor.data().remaining()).sum();
    }

    /** In Java's memory, to be kept. */
    public List<Tensor> copies() {
        return tensors.stream()
                .map(tensor -> new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), copy(tensor.data())))
                .toList();
    }

    private static ByteBuffer copy(ByteBuffer data) {
        return ByteBuffer.allocate(data.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(data.duplicate())
                .flip();
    }

    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            release.run();
        }
    }
}
