/** What was done, by whom: an append-only chain of hashes, written in the transaction of the change. */
@NullMarked
package dev.teal.platform.audit;

import org.jspecify.annotations.NullMarked;
