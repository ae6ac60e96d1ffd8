/** Protobuf's wire format, as far as what writes gRPC's messages and ONNX files has in common. */
@NullMarked
package dev.teal.protocol.wire;

import org.jspecify.annotations.NullMarked;
