/** What operators see: metrics and the list of workers. */
@NullMarked
package dev.teal.fleet.manage;

import org.jspecify.annotations.NullMarked;
