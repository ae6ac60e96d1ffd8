/** How large a batch may be, and who may be in it: values and functions. */
@NullMarked
package dev.teal.worker.run.domain;

import org.jspecify.annotations.NullMarked;
