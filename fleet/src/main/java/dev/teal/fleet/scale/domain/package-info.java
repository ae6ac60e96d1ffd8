/** From demand to a number of workers, in Knative's words. */
@NullMarked
package dev.teal.fleet.scale.domain;

import org.jspecify.annotations.NullMarked;
