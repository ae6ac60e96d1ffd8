package dev.teal.protocol.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;

/** Files that are often taken for an ONNX model, by their first bytes, so that the refusal can say what they are. */
final class OtherFormats {
    /** Little-endian, as the first four bytes of a file read. */
    private static final Map<Integer, String> BY_START = Map.of(
            0x04034b50, "a zip archive (of PyTorch, NumPy or Keras, perhaps)",
            0x464c457f, "a program (ELF)",
            0x46444889, "an HDF5 file (of Keras, perhaps)",
            0x46554747, "a GGUF file");

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /**
     * Bytes 4 to 8 of ONNX Runtime's own format. It looks for them whatever else the file is, and then reads it as that format: a file can be a valid
     * ONNX model, too, and what was inspected is not what is loaded.
     */
    private static final int RUNTIME_FORMAT = 0x4d54524f;

    private OtherFormats() {}

    static void refuse(MemorySegment file) {
        if (file.byteSize() >= 8 && file.get(INT, 4) == RUNTIME_FORMAT) {
            throw OnnxRefused.notAModel(
                    "it is in ONNX Runtime's own format (.ort), which is bound to one version; upload the .onnx file");
        }
        if (file.byteSize() < 4) {
            return;
        }
        int start = file.get(INT, 0);
        String format = BY_START.get(start);
        if (format == null && (start & 0xffff) == 0x8b1f) {
            format = "compressed with gzip";
        } else if (format == null && (start & 0xff) == 0x80 && (start >>> 8 & 0xff) >= 2 && (start >>> 8 & 0xff) <= 5) {
            format = "a Python pickle";
        }
        if (format != null) {
            throw OnnxRefused.notAModel("it is " + format);
        }
    }
}
