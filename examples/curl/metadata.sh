#!/usr/bin/env bash
# Who serves, and what a model takes and gives.
source "$(dirname "$0")/common.sh"

say "GET /v2"
call 200 "$url/v2"
expect '"name":"teal"'
expect '"binary_tensor_data"'
show

say "GET /v2/models/fraud-detection"
call 200 "$fraud"
expect '"platform":"onnxruntime_onnx"'
expect '{"name":"features","datatype":"FP32","shape":[-1,8]}'
show

say "GET /v2/models/nobody: an error in the protocol's words"
call 404 "$url/v2/models/nobody"
expect "{\"error\":\"Request for unknown model: 'nobody' is not found\"}"
show
