#!/usr/bin/env bash
# Binary tensors in and out: the JSON says how long each is, and they follow it one after the other, little-endian.
# Inference-Header-Content-Length is the length of the JSON.
source "$(dirname "$0")/common.sh"

question='{"id":"binary","inputs":[{"name":"features","shape":[1,8],"datatype":"FP32","parameters":{"binary_data_size":32}},'
question+='{"name":"merchant_category","shape":[1],"datatype":"INT64","parameters":{"binary_data_size":8}}],'
question+='"outputs":[{"name":"label"},{"name":"probabilities","parameters":{"binary_data":true}}]}'

{
  printf '%s' "$question"
  # features: 30.0 40.17 1 16 0.4 716 8 0
  printf '\x00\x00\xf0\x41\x14\xae\x20\x42\x00\x00\x80\x3f\x00\x00\x80\x41\xcd\xcc\xcc\x3e\x00\x00\x33\x44\x00\x00\x00\x41\x00\x00\x00\x00'
  # merchant_category: 2
  printf '\x02\x00\x00\x00\x00\x00\x00\x00'
} >"$work/question"

say "POST …/fraud-detection/infer: both inputs binary, label as JSON, probabilities binary"
call 200 "$fraud/infer" -H "Inference-Header-Content-Length: ${#question}" -H 'Content-Type: application/octet-stream' \
  --data-binary @"$work/question"
length="$(header Inference-Header-Content-Length)"
[ -n "$length" ] || fail "no Inference-Header-Content-Length in the answer"
expect_header Content-Type application/octet-stream
head -c "$length" "$body" >"$work/json"
tail -c +$((length + 1)) "$body" >"$work/probabilities"
grep -q '"binary_data_size":8' "$work/json" || fail "probabilities should be 8 bytes"
[ "$(wc -c <"$work/probabilities")" -eq 8 ] || fail "8 bytes should follow the JSON"
cat "$work/json"
printf '\nprobabilities: %s\n' "$(od -An -tf4 "$work/probabilities")"

say "the same inputs as JSON have the same label"
label="$(grep -o '"data":\[[0-9]\]' "$work/json")"
call 200 "$fraud/infer" -d @"$models/fraud-detection/request.json"
expect "\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[1],$label"

say "all outputs binary: binary_data_output"
call 200 "$products/infer" -d '{"parameters":{"binary_data_output":true},
  "inputs":[{"name":"title","shape":[1],"datatype":"BYTES","data":["classic leather sneakers"]}]}'
[ -n "$(header Inference-Header-Content-Length)" ] || fail "no Inference-Header-Content-Length in the answer"
expect 'shoes'

say "a length of the JSON that is larger than the body is refused"
call 400 "$fraud/infer" -H 'Inference-Header-Content-Length: 100000' --data-binary @"$work/question"
expect 'inference header size should be in range'
show
