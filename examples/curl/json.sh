#!/usr/bin/env bash
# Inference with JSON, both ways. No Content-Type is needed; data may be flat or nested.
source "$(dirname "$0")/common.sh"

say "POST …/fraud-detection/infer: one row, flat"
call 200 "$fraud/infer" -d @"$models/fraud-detection/request.json"
expect '"model_name":"fraud-detection"'
expect '"id":"request"'
expect '"name":"label","datatype":"INT64","shape":[1]'
show
say "answered by version $(header Teal-Version), $(header Teal-Color), generation $(header Teal-Generation)"

say "the same without a Content-Type, nested, and one output only"
call 200 "$fraud/infer" -H 'Content-Type:' --data-binary '{
  "inputs": [
    {"name":"features","shape":[1,8],"datatype":"FP32","data":[[30.0,40.17,1,16,0.4,716,8,0]]},
    {"name":"merchant_category","shape":[1],"datatype":"INT64","data":[2]}
  ],
  "outputs": [{"name":"probabilities"}]
}'
expect '"name":"probabilities","datatype":"FP32","shape":[1,2]'
if grep -q '"label"' "$body"; then fail "an output came that was not asked for"; fi
show

say "text: POST …/product-categorization/infer"
call 200 "$products/infer" -d '{"inputs":[{"name":"title","shape":[1],"datatype":"BYTES","data":["classic leather sneakers"]}]}'
expect '"data":["shoes"]'
show

say "a wrong shape is the caller's mistake"
call 400 "$products/infer" -d '{"inputs":[{"name":"title","shape":[2],"datatype":"BYTES","data":["one"]}]}'
expect '"error"'
show
