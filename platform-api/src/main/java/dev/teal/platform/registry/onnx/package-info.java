/** Reads what a model takes and gives out of its file, without loading it and without believing it. */
@NullMarked
package dev.teal.platform.registry.onnx;

import org.jspecify.annotations.NullMarked;
