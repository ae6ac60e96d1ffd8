#!/usr/bin/env bash
# A model as Triton's configuration tells it.
source "$(dirname "$0")/common.sh"

say "GET …/fraud-detection/config"
call 200 "$fraud/config"
expect '"backend":"onnxruntime"'
expect '{"name":"features","data_type":"TYPE_FP32","format":"FORMAT_NONE","dims":[8]}'
show

say "GET …/product-categorization/config: text is TYPE_STRING"
call 200 "$products/config"
expect '"data_type":"TYPE_STRING"'
