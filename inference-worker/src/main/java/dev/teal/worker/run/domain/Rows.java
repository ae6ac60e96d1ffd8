package dev.teal.worker.run.domain;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Tensors as rows along their first dimension: joined, and cut into parts. */
public final class Rows {
    private Rows() {}

    /** How many rows all of them have; -1 where they differ, or one is a scalar. */
    public static long of(List<Tensor> tensors) {
        long rows = -1;
        for (Tensor tensor : tensors) {
            if (tensor.shape().length == 0 || (rows >= 0 && tensor.shape()[0] != rows)) {
                return -1;
            }
            rows = tensor.shape()[0];
        }
        return rows;
    }

    /** One tensor of the rows of all, which are equal but for their number of rows. */
    public static Tensor join(List<Tensor> parts, TensorAllocator memory) {
        Tensor first = parts.getFirst();
        long rows = 0;
        long bytes = 0;
        for (Tensor part : parts) {
            rows += part.shape()[0];
            bytes += part.data().remaining();
        }
        ByteBuffer all = memory.allocate(Math.toIntExact(bytes));
        for (Tensor part : parts) {
            all.put(part.data().duplicate());
        }
        return new Tensor(first.name(), first.datatype(), withRows(first.shape(), rows), all.flip());
    }

    /** A view of some rows. */
    public static Tensor cut(Tensor tensor, int from, int rows) {
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int start;
        int end;
        long perRow = perRow(tensor.shape());
        if (tensor.datatype() == Datatype.BYTES) {
            start = skip(data, 0, from * perRow);
            end = skip(data, start, rows * perRow);
        } else {
            start = Math.toIntExact(from * perRow * tensor.datatype().elementBytes());
            end = start + Math.toIntExact(rows * perRow * tensor.datatype().elementBytes());
        }
        return new Tensor(
                tensor.name(),
                tensor.datatype(),
                withRows(tensor.shape(), rows),
                data.slice(start, end - start).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static int skip(ByteBuffer data, int from, long elements) {
        int at = from;
        for (long i = 0; i < elements; i++) {
            at += Integer.BYTES + data.getInt(at);
        }
        return at;
    }

    private static long perRow(long[] shape) {
        long elements = 1;
        for (int i = 1; i < shape.length; i++) {
            elements *= shape[i];
        }
        return elements;
    }

    private static long[] withRows(long[] shape, long rows) {
        long[] other = shape.clone();
        other[0] = rows;
        return other;
    }
}
