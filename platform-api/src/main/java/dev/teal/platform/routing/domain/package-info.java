/** An endpoint's configuration: what both of its colors run with. */
@NullMarked
package dev.teal.platform.routing.domain;

import org.jspecify.annotations.NullMarked;
