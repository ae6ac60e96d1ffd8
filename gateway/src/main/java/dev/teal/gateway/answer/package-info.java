/** What a caller is told: the worker's answer untouched, or the protocol's error. */
@NullMarked
package dev.teal.gateway.answer;

import org.jspecify.annotations.NullMarked;
