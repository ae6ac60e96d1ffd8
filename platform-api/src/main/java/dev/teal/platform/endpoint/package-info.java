/** Endpoints as people declare and see them. */
@NullMarked
package dev.teal.platform.endpoint;

import org.jspecify.annotations.NullMarked;
