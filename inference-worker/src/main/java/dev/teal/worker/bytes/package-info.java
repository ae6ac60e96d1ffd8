/** The bytes of bodies and answers, alike for every front: unpacked as far as their limit, and gathered from where they lie. */
@NullMarked
package dev.teal.worker.bytes;

import org.jspecify.annotations.NullMarked;
