/** ONNX Runtime through its C API: a library, sessions of one model, runs that can be ended, tensors of every datatype. */
@NullMarked
package dev.teal.worker.onnx;

import org.jspecify.annotations.NullMarked;
