package dev.teal.platform.registry;

import dev.teal.platform.registry.domain.BrokenUpload;
import dev.teal.platform.registry.domain.UnknownPart;
import dev.teal.platform.registry.domain.UploadTooLarge;
import dev.teal.platform.registry.store.ContentStore;
import dev.teal.platform.registry.store.Draft;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an upload, as they come off the wire: the artifact goes straight to the store's disk, so that its size costs no memory. In any
 * order. Spring's own multipart support is off, because it would write all of it once more before anything is looked at.
 */
final class UploadedParts implements AutoCloseable {
    private static final int METADATA_LIMIT_BYTES = 64 * 1024;
    private static final int CONFIG_LIMIT_BYTES = 64 * 1024;
    /** Of all files with labels together. */
    private static final int LABELS_LIMIT_BYTES = 256 * 1024;

    private static final int MOST_LABEL_FILES = 32;

    private @Nullable Draft artifact;
    private @Nullable Draft samples;
    private byte @Nullable [] metadata;
    private byte @Nullable [] config;
    private final Map<String, byte[]> labels = new LinkedHashMap<>();
    private int labelBytes;

    private UploadedParts() {}

    static UploadedParts read(HttpServletRequest request, ContentStore store, ArtifactProperties limits) {
        UploadedParts parts = new UploadedParts();
        boolean complete = false;
        try {
            FileItemIterator items = new FileUpload().getItemIterator(new ServletRequestContext(request));
            while (items.hasNext()) {
                parts.take(items.next(), store, limits);
            }
            complete = true;
            return parts;
        } catch (IOException | IllegalArgumentException e) {
            BrokenUpload broken = new BrokenUpload("it is not complete multipart/form-data");
            broken.initCause(e);
            throw broken;
        } finally {
            if (!complete) {
                parts.close();
            }
        }
    }

    private void take(FileItemStream item, ContentStore store, ArtifactProperties limits) throws IOException {
        String name = String.valueOf(item.getFieldName());
        try (InputStream bytes = item.openStream()) {
            if (name.equals("artifact") && artifact == null) {
                artifact = store.write(name, bytes, limits.maxArtifact().toBytes());
            } else if (name.equals("samples") && samples == null) {
                samples = store.write(name, bytes, limits.maxSamples().toBytes());
            } else if (name.equals("metadata") && metadata == null) {
                metadata = small(name, bytes, METADATA_LIMIT_BYTES);
            } else if (name.equals("config") && config == null) {
                config = small(name, bytes, CONFIG_LIMIT_BYTES);
            } else if (name.equals("labels")) {
                label(String.valueOf(item.getName()), bytes);
            } else {
                throw new UnknownPart(name.length() > 100 ? name.substring(0, 100) + "…" : name);
            }
        }
    }

    private static byte[] small(String name, InputStream bytes, int limitBytes) throws IOException {
        byte[] read = bytes.readNBytes(limitBytes + 1);
        if (read.length > limitBytes) {
            throw new UploadTooLarge(name, limitBytes);
        }
        return read;
    }

    private void label(String file, InputStream bytes) throws IOException {
        if (labels.size() == MOST_LABEL_FILES || labels.containsKey(file)) {
            throw new UnknownPart("labels");
        }
        byte[] read = bytes.readNBytes(LABELS_LIMIT_BYTES - labelBytes + 1);
        labelBytes += read.length;
        if (labelBytes > LABELS_LIMIT_BYTES) {
            throw new UploadTooLarge("labels", LABELS_LIMIT_BYTES);
        }
        labels.put(file, read);
    }

    Draft artifact() {
        if (artifact == null) {
            throw new BrokenUpload("the part 'artifact' is missing");
        }
        if (artifact.bytes() == 0) {
            throw new BrokenUpload("the part 'artifact' is empty");
        }
        return artifact;
    }

    /** Null where there are none, or an empty part. */
    @Nullable
    Draft samples() {
        return samples == null || samples.bytes() == 0 ? null : samples;
    }

    byte @Nullable [] metadata() {
        return metadata == null || metadata.length == 0 ? null : metadata;
    }

    /** Null where there is none; an empty one is one. */
    byte @Nullable [] config() {
        if (config == null && !labels.isEmpty()) {
            throw new BrokenUpload("there are labels, and no part 'config' whose label_filename names them");
        }
        return config;
    }

    /** Contents by file name. */
    Map<String, byte[]> labels() {
        return labels;
    }

    @Override
    public void close() {
        if (artifact != null) {
            artifact.close();
        }
        if (samples != null) {
            samples.close();
        }
    }
}
