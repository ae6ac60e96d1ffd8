/** What a feature throws to refuse: facts and words, no HTTP. */
@NullMarked
package dev.teal.platform.problem.domain;

import org.jspecify.annotations.NullMarked;
