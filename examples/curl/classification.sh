#!/usr/bin/env bash
# The greatest elements of an output as text, value:index[:label], in place of the tensor.
source "$(dirname "$0")/common.sh"

say "POST …/product-categorization/infer: the three likeliest of ten categories"
call 200 "$products/infer" -d '{
  "inputs":[{"name":"title","shape":[1],"datatype":"BYTES","data":["classic leather sneakers"]}],
  "outputs":[{"name":"probabilities","parameters":{"classification":3}}]}'
expect '"datatype":"BYTES","shape":[1,3]'
# shoes is the eighth category
grep -qE '"data":\["0\.[0-9]{6}:7","0\.[0-9]{6}:[0-9]","0\.[0-9]{6}:[0-9]"\]' "$body" || fail "three elements should be there, shoes first"
show
