/** Keys and roles as values. */
@NullMarked
package dev.teal.platform.access.domain;

import org.jspecify.annotations.NullMarked;
