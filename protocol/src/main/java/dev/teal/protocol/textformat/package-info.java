/** Protobuf's text format, as people write configurations in it; read without a schema. */
@NullMarked
package dev.teal.protocol.textformat;

import org.jspecify.annotations.NullMarked;
