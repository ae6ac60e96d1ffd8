/** The Open Inference Protocol: datatypes, tensors, signatures and their JSON. */
@NullMarked
package dev.teal.protocol.oip;

import org.jspecify.annotations.NullMarked;
