#!/usr/bin/env bash
# A raw request: the body is the one input and nothing else, which Inference-Header-Content-Length: 0 says. All outputs come back binary.
source "$(dirname "$0")/common.sh"

say "POST …/product-categorization/infer: a title as it is"
printf 'classic leather sneakers' >"$work/title"
call 200 "$products/infer" -H 'Inference-Header-Content-Length: 0' -H 'Content-Type: application/octet-stream' \
  --data-binary @"$work/title"
length="$(header Inference-Header-Content-Length)"
[ -n "$length" ] || fail "no Inference-Header-Content-Length in the answer"
head -c "$length" "$body"
printf '\n'
# label first: 4 bytes of length, then the text
text="$(tail -c +$((length + 5)) "$body" | head -c 5)"
[ "$text" = shoes ] || fail "the label is '$text', expected 'shoes'"
say "label: $text"

say "a model with two inputs cannot be asked this way"
call 400 "$fraud/infer" -H 'Inference-Header-Content-Length: 0' --data-binary @"$work/title"
show
