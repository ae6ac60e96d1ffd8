/** What others should hear of, kept in the transaction of the change and published after it. */
@NullMarked
package dev.teal.platform.outbox;

import org.jspecify.annotations.NullMarked;
