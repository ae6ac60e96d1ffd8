/** The gateway: routes inference to the workers of an endpoint's live color. */
@NullMarked
package dev.teal.gateway;

import org.jspecify.annotations.NullMarked;
