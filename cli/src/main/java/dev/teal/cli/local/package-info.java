/** All of Teal on one machine: which processes, where their files are, how they start, are watched and stop. */
@NullMarked
package dev.teal.cli.local;

import org.jspecify.annotations.NullMarked;
