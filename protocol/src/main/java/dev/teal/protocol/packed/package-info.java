/** Bodies that come packed: unpacking them, whole or their beginning alone. */
@NullMarked
package dev.teal.protocol.packed;

import org.jspecify.annotations.NullMarked;
