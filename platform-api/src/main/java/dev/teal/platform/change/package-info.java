/** One change, one transaction, also when its caller asks twice. */
@NullMarked
package dev.teal.platform.change;

import org.jspecify.annotations.NullMarked;
