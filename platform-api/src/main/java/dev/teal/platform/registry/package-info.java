/** Models and their immutable versions. */
@NullMarked
package dev.teal.platform.registry;

import org.jspecify.annotations.NullMarked;
