package dev.teal.worker.serve;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.packed.PackedHead;
import dev.teal.protocol.packed.PackedStream;
import dev.teal.worker.bytes.Unpacked;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The two ways in which HTTP bodies are packed; {@code deflate} has zlib's frame around it, as HTTP says. */
enum Compression {
    GZIP,
    DEFLATE;

    /** What a client may send, for {@code Accept-Encoding} of a 501. */
    static final String KNOWN = "gzip, deflate";

    /** Below this, packing costs more than it saves. */
    private static final int WORTH_BYTES = 1024;

    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return null for a token that is neither */
    static @Nullable Compression of(String token) {
        return switch (token.strip().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default -> null;
        };
    }

    /** The one that a client likes best; the first listed where it likes several alike; null for none. @param bytes of the plain answer */
    static @Nullable Compression chosen(@Nullable String acceptEncoding, long bytes) {
        if (acceptEncoding == null || bytes < WORTH_BYTES) {
            return null;
        }
        Compression best = null;
        double highest = 0;
        for (String item : acceptEncoding.split(",", 32)) {
            String[] parts = item.split(";", 2);
            double weight = parts.length == 1 ? 1 : weight(parts[1]);
            Compression known = of(parts[0]);
            boolean plain = parts[0].strip().equalsIgnoreCase("identity");
            if ((known != null || plain) && weight > highest) {
                best = known;
                highest = weight;
            }
        }
        return best;
    }

    private static double weight(String parameter) {
        String text = parameter.strip();
        try {
            return text.startsWith("q=") ? Math.clamp(Double.parseDouble(text.substring(2)), 0, 1) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** @throws dev.teal.worker.run.BodyTooLarge as soon as there is more than allowed, however little was packed */
    RequestBody unpack(ByteBuf packed, long limitBytes, TensorAllocator memory) {
        try (PackedStream plain = unpacking(packed)) {
            return Unpacked.within(limitBytes, plain, memory);
        } catch (ZipException | EOFException e) {
            throw new InvalidInference("the body is not " + token() + " as its Content-Encoding says", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As much of the plain body as is looked at before it is read; what is wrong with it is for {@link #unpack} to say. */
    RequestBody unpackHead(ByteBuf packed) {
        return PackedHead.of(() -> unpacking(packed.duplicate()));
    }

    private PackedStream unpacking(ByteBuf packed) throws IOException {
        ByteBufInputStream bytes = new ByteBufInputStream(packed);
        return this == GZIP ? PackedStream.gzip(bytes) : PackedStream.zlib(bytes);
    }

    void pack(ByteBuf plain, ByteBuf to) {
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (OutputStream out = packing(new ByteBufOutputStream(to), fast)) {
            plain.getBytes(plain.readerIndex(), out, plain.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            fast.end();
        }
    }

    private OutputStream packing(OutputStream to, Deflater fast) throws IOException {
        return this == DEFLATE
                ? new DeflaterOutputStream(to, fast, PackedStream.PART_BYTES)
                : new GZIPOutputStream(to, PackedStream.PART_BYTES) {
                    {
                        def.setLevel(Deflater.BEST_SPEED);
                    }
                };
    }
}
