/** Bytes on disk under their own digest. */
@NullMarked
package dev.teal.platform.registry.store;

import org.jspecify.annotations.NullMarked;
