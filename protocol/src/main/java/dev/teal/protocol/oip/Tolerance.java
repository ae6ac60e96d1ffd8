package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * How far an answer may be from the golden one: an element is good if {@code |actual - expected| <= atol + rtol * |expected|}. This is for
 * floats; whole numbers, BOOL and BYTES must be equal.
 */
public record Tolerance(double rtol, double atol) {
    /** Wide enough for the same graph in other batches and on other processors, far below what a different model changes. */
    public static final Tolerance DEFAULT = new Tolerance(1e-4, 1e-5);

    public Tolerance {
        if (!(rtol >= 0 && atol >= 0 && rtol < Double.POSITIVE_INFINITY && atol < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "tolerance must be finite and not negative, got rtol=" + rtol + " atol=" + atol);
        }
    }

    /** The first difference in words, or nothing where the two agree. */
    public Optional<String> difference(Tensor expected, Tensor actual) {
        if (expected.datatype() != actual.datatype()) {
            return Optional.of(
                    "'" + expected.name() + "' is " + actual.datatype() + ", expected " + expected.datatype());
        }
        if (!Arrays.equals(expected.shape(), actual.shape())) {
            return Optional.of("'" + expected.name() + "' has shape " + Arrays.toString(actual.shape()) + ", expected "
                    + Arrays.toString(expected.shape()));
        }
        ByteBuffer wanted = elements(expected);
        ByteBuffer given = elements(actual);
        for (long index = 0; wanted.hasRemaining(); index++) {
            Element golden = Element.next(expected.datatype(), wanted);
            Element answer = Element.next(actual.datatype(), given);
            if (!good(golden, answer)) {
                return Optional.of("element " + index + " of '" + expected.name() + "' is " + answer + ", expected "
                        + golden + (golden instanceof Element.Real ? " within rtol=" + rtol + " atol=" + atol : ""));
            }
        }
        return Optional.empty();
    }

    /** The first element that is NaN or infinite where the expected one is finite, in words; of tensors of one datatype and shape. */
    public Optional<String> notFinite(Tensor expected, Tensor actual) {
        if (expected.datatype() != actual.datatype() || !Arrays.equals(expected.shape(), actual.shape())) {
            return Optional.empty();
        }
        ByteBuffer wanted = elements(expected);
        ByteBuffer given = elements(actual);
        for (long index = 0; wanted.hasRemaining(); index++) {
            if (Element.next(expected.datatype(), wanted) instanceof Element.Real(double b)
                    && Element.next(actual.datatype(), given) instanceof Element.Real(double g)
                    && Double.isFinite(b)
                    && !Double.isFinite(g)) {
                return Optional.of(
                        "element " + index + " of '" + expected.name() + "' is " + g + ", a finite number is expected");
            }
        }
        return Optional.empty();
    }

    /** The largest finite magnitude of a tensor's floats; 0 where there is none. */
    public static double largest(Tensor tensor) {
        double largest = 0;
        for (ByteBuffer data = elements(tensor); data.hasRemaining(); ) {
            if (Element.next(tensor.datatype(), data) instanceof Element.Real(double value) && Double.isFinite(value)) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    private boolean good(Element golden, Element answer) {
        if (golden instanceof Element.Real(double b) && answer instanceof Element.Real(double g)) {
            return Double.isFinite(b) ? Math.abs(g - b) <= atol + rtol * Math.abs(b) : Double.compare(g, b) == 0;
        }
        return golden.equals(answer);
    }

    private static ByteBuffer elements(Tensor tensor) {
        return tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
    }
}
