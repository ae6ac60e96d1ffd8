/** The chain's arithmetic, and the walk that checks it. */
@NullMarked
package dev.teal.platform.audit.domain;

import org.jspecify.annotations.NullMarked;
