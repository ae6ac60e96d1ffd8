/** The control plane: what decides. This package starts it; the features are the packages below. */
@NullMarked
package dev.teal.platform;

import org.jspecify.annotations.NullMarked;
