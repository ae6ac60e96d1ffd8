package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** A part has another name than those of an upload, or comes twice. */
public final class UnknownPart extends Refused {
    public UnknownPart(String part) {
        super(
                Kind.MALFORMED,
                "A part is unknown",
                "The multipart body has a part '" + part
                        + "' that is unknown or there twice; the parts are 'artifact', 'metadata', 'samples' and 'config', each once, and 'labels', each with another file name, 32 at most.");
    }
}
