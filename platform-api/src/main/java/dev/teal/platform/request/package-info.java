/** Who asks now, and under which number: what logs and audit say of a request. */
@NullMarked
package dev.teal.platform.request;

import org.jspecify.annotations.NullMarked;
