/** What the fleet tells others: the control plane in reports, gateways in a long poll. */
@NullMarked
package dev.teal.fleet.report;

import org.jspecify.annotations.NullMarked;
