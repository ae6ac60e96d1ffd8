/** What a connection may cost before anything is known of its request. */
@NullMarked
package dev.teal.gateway.connection;

import org.jspecify.annotations.NullMarked;
