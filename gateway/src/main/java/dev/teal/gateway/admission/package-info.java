/** Who may call, how often, with how large a body and until when. */
@NullMarked
package dev.teal.gateway.admission;

import org.jspecify.annotations.NullMarked;
