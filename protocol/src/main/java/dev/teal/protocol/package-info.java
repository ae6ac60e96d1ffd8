/** What passes between the parts, written once: this package holds what its sub-packages share. */
@NullMarked
package dev.teal.protocol;

import org.jspecify.annotations.NullMarked;
