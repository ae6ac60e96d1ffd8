/** Rollouts on rows: each step of the pure core as one transaction, taken up by any instance, continued after a crash at any line. */
@NullMarked
package dev.teal.platform.rollout;

import org.jspecify.annotations.NullMarked;
