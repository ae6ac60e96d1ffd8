/** What cells are told: the state document, its one global revision, and who waits for the next. */
@NullMarked
package dev.teal.platform.routing;

import org.jspecify.annotations.NullMarked;
