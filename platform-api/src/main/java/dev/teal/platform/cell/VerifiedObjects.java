package dev.teal.platform.cell;

import dev.teal.platform.registry.Registry;
import dev.teal.platform.registry.domain.UnknownObject;
import dev.teal.protocol.cell.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/** Stored bytes that match their digest. Checked at the first fetch and again when the file has changed since; the cell checks for itself too. */
@Component
class VerifiedObjects {
    private static final Logger log = LoggerFactory.getLogger(VerifiedObjects.class);

    private final Registry registry;
    private final Map<String, Seen> verified = new ConcurrentHashMap<>();

    VerifiedObjects(Registry registry) {
        this.registry = registry;
    }

    private record Seen(long bytes, long modifiedMillis) {}

    /** @throws UnknownObject also where something is stored that does not have the digest: that is not what was asked for */
    Resource open(String digest) throws IOException {
        Resource resource = registry.open(digest);
        Seen seen = new Seen(resource.contentLength(), resource.lastModified());
        if (!seen.equals(verified.get(digest))) {
            verify(digest, resource);
            verified.put(digest, seen);
        }
        return resource;
    }

    private static void verify(String digest, Resource resource) throws IOException {
        MessageDigest sha256 = Digests.sha256();
        try (InputStream bytes = resource.getInputStream();
                OutputStream hashing = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
            bytes.transferTo(hashing);
        }
        String found = Digests.format(sha256.digest());
        if (!found.equals(digest)) {
            log.atError()
                    .addKeyValue("digest", digest)
                    .addKeyValue("found", found)
                    .log("Stored bytes do not match their digest: somebody changed them");
            throw new UnknownObject(digest);
        }
    }
}
