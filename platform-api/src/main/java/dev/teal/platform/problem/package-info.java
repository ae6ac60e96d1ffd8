/** Every refusal as one kind of answer: problem documents after RFC 9457. */
@NullMarked
package dev.teal.platform.problem;

import org.jspecify.annotations.NullMarked;
