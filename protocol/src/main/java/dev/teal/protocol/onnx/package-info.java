/**
 * What an ONNX file says of itself, read without loading it and without believing it: one pass over the bytes, no weight in memory, every count
 * and length held to a limit before anything is made of it.
 */
@NullMarked
package dev.teal.protocol.onnx;

import org.jspecify.annotations.NullMarked;
