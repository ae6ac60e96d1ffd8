/** The story of a model that is replaced under load without anybody noticing, told live and checked while it is told. */
@NullMarked
package dev.teal.cli.demo;

import org.jspecify.annotations.NullMarked;
