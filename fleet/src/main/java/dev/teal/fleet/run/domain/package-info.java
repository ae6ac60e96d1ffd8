/** What to do for an environment, from what is wanted and what runs: values and functions. */
@NullMarked
package dev.teal.fleet.run.domain;

import org.jspecify.annotations.NullMarked;
