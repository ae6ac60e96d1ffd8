/** {@code teal}: the command line for people and pipelines. */
@NullMarked
package dev.teal.cli;

import org.jspecify.annotations.NullMarked;
