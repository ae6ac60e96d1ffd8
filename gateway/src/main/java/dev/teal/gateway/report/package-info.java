/** What the gateway has counted and what it tells the control plane. */
@NullMarked
package dev.teal.gateway.report;

import org.jspecify.annotations.NullMarked;
