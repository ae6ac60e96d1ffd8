package dev.teal.platform.json;

import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;

/** PostgreSQL keeps neither NUL nor half a surrogate pair in a text, so no body may bring one: said by field here, and not by the database. */
final class StorableText extends StringDeserializer {
    private static final Pattern UNSTORABLE = Pattern.compile("[\\x00\\p{Cs}]");

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
        String text = super.deserialize(parser, context);
        if (text != null && UNSTORABLE.matcher(text).find()) {
            throw InvalidFormatException.from(parser, "a text that can't be stored", text, String.class);
        }
        return text;
    }
}
