package dev.teal.protocol.textformat;

/** The text is not what it should be, at a place that is named as an editor counts. */
public final class TextFormatError extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TextFormatError(Place place, String problem) {
        super(place + ": " + problem);
    }
}
