/** The cell's artifacts by digest: fetched once, checked, kept on disk while somebody may need them. */
@NullMarked
package dev.teal.fleet.cache;

import org.jspecify.annotations.NullMarked;
