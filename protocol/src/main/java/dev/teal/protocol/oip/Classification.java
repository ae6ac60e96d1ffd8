package dev.teal.protocol.oip;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The protocol's classification: the greatest elements of an output in words, in place of the output. */
public final class Classification {
    private static final int MAX_ELEMENTS = 1_000_000;
    /** A double of eight bytes has up to 320 characters. */
    private static final int MAX_BYTES = 64 << 20;
    /** Below it all six places are zeros, of up to a thousand that there are. */
    private static final double NOTHING_SHOWN = 0x1p-22;

    private final Tensor tensor;
    private final ByteBuffer data;
    private final int rowElements;

    private Classification(Tensor tensor, int rowElements) {
        this.tensor = tensor;
        this.data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.rowElements = rowElements;
    }

    /**
     * The greatest {@code classes} elements of each row, greatest first, equal ones by their index, NaN last.
     *
     * @param batched whether its first dimension is the batch's; otherwise it is one row
     * @param classes from 1 on; more than a row has are as many as it has
     * @param labels by index; where one is empty or missing, none is given
     * @return BYTES of shape {@code [batch, classes]} or {@code [classes]}, elements {@code value:index} or {@code value:index:label}
     * @throws InvalidInference if the tensor can't be classified
     */
    public static Tensor of(Tensor tensor, boolean batched, int classes, @Nullable List<String> labels) {
        Datatype datatype = tensor.datatype();
        if (datatype == Datatype.BYTES || BinaryOnly.is(datatype)) {
            throw new InvalidInference("class result not available for output '" + tensor.name()
                    + "' due to unsupported type '" + datatype + "'");
        }
        long elements = tensor.elements();
        if (elements > MAX_ELEMENTS) {
            throw new InvalidInference("classification of output '" + tensor.name() + "' is not available: it has "
                    + elements + " elements, " + MAX_ELEMENTS + " is the most");
        }
        long rows = batched ? tensor.shape()[0] : 1;
        int rowElements = rows == 0 ? 0 : (int) (elements / rows);
        int wanted = Math.min(classes, rowElements);
        var classification = new Classification(tensor, rowElements);
        var out = new ByteWriter();
        for (int row = 0; wanted > 0 && row < rows; row++) {
            for (int index : classification.greatest(row, wanted)) {
                classification.append(classification.text(row, index, labels), out);
            }
        }
        long[] shape = batched ? new long[] {rows, wanted} : new long[] {wanted};
        return new Tensor(
                tensor.name(),
                Datatype.BYTES,
                shape,
                ByteBuffer.wrap(out.array(), 0, out.size()).slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    private void append(String text, ByteWriter out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int more = Integer.BYTES + bytes.length;
        if (more > MAX_BYTES - out.size()) {
            throw new InvalidInference("classification of output '" + tensor.name() + "' takes more than " + MAX_BYTES
                    + " bytes; ask for fewer classes");
        }
        ByteBuffer.wrap(out.room(more), out.size(), more)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .put(bytes);
        out.advance(more);
    }

    private int[] greatest(int row, int wanted) {
        long[] ranks = new long[rowElements];
        for (int i = 0; i < rowElements; i++) {
            ranks[i] = rank(row * rowElements + i);
        }
        Comparator<Integer> leastFirst =
                Comparator.<Integer>comparingLong(i -> ranks[i]).thenComparing(Comparator.reverseOrder());
        var kept = new PriorityQueue<>(wanted, leastFirst);
        for (int i = 0; i < rowElements; i++) {
            if (kept.size() < wanted) {
                kept.add(i);
            } else if (ranks[i] > ranks[kept.peek()]) {
                kept.poll();
                kept.add(i);
            }
        }
        int[] greatest = new int[wanted];
        for (int i = wanted - 1; i >= 0; i--) {
            greatest[i] = kept.remove();
        }
        return greatest;
    }

    /** A long that grows with the element. */
    private long rank(int i) {
        return switch (tensor.datatype()) {
            case FP32 -> rank((double) data.getFloat(i * Float.BYTES));
            case FP64 -> rank(data.getDouble(i * Double.BYTES));
            case UINT64 -> data.getLong(i * Long.BYTES) ^ Long.MIN_VALUE;
            default -> whole(i);
        };
    }

    private static long rank(double value) {
        // The two zeros are equal.
        long bits = Double.doubleToLongBits(value + 0.0);
        return Double.isNaN(value) ? Long.MIN_VALUE : bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    private long whole(int i) {
        return switch (tensor.datatype()) {
            case BOOL -> data.get(i) == 0 ? 0 : 1;
            case INT8 -> data.get(i);
            case UINT8 -> data.get(i) & 0xff;
            case INT16 -> data.getShort(i * Short.BYTES);
            case UINT16 -> data.getShort(i * Short.BYTES) & 0xffff;
            case INT32 -> data.getInt(i * Integer.BYTES);
            case UINT32 -> data.getInt(i * Integer.BYTES) & 0xffff_ffffL;
            case INT64, UINT64 -> data.getLong(i * Long.BYTES);
            case FP16, BF16, FP32, FP64, BYTES ->
                throw new IllegalStateException(tensor.datatype() + " has no whole numbers");
        };
    }

    private String text(int row, int index, @Nullable List<String> labels) {
        int i = row * rowElements + index;
        String value = switch (tensor.datatype()) {
            case FP32 -> text(data.getFloat(i * Float.BYTES));
            case FP64 -> text(data.getDouble(i * Double.BYTES));
            case UINT64 -> Long.toUnsignedString(whole(i));
            default -> Long.toString(whole(i));
        };
        String label = labels == null || index >= labels.size() ? "" : labels.get(index);
        return value + ":" + index + (label.isEmpty() ? "" : ":" + label);
    }

    /** As C prints {@code %f}: the exact value, rounded to six places. */
    private static String text(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        if (Double.isInfinite(value)) {
            return sign + "inf";
        }
        if (Math.abs(value) < NOTHING_SHOWN) {
            return sign + "0.000000";
        }
        return sign
                + new BigDecimal(Math.abs(value))
                        .setScale(6, RoundingMode.HALF_EVEN)
                        .toPlainString();
    }
}
