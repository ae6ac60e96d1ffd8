/** Who may do what: API keys, their roles, and the cell key. */
@NullMarked
package dev.teal.platform.access;

import org.jspecify.annotations.NullMarked;
