/** What a person sees: lines, progress and the reasons why something ended. */
@NullMarked
package dev.teal.cli.terminal;

import org.jspecify.annotations.NullMarked;
