/** Understands the {@code config.pbtxt} that stands beside a model in a Triton repository, as far as it applies here. */
@NullMarked
package dev.teal.platform.registry.triton;

import org.jspecify.annotations.NullMarked;
