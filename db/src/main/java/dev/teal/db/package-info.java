/** The embedded PostgreSQL of one machine, and the migrations that every database of Teal runs. */
@NullMarked
package dev.teal.db;

import org.jspecify.annotations.NullMarked;
