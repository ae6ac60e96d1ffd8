#!/usr/bin/env bash
# gzip and deflate, both ways: Content-Encoding says how the request is packed, Accept-Encoding how the answer may be.
source "$(dirname "$0")/common.sh"

say "POST …/product-categorization/infer: 32 rows, packed, and the answer packed"
gzip -c "$models/product-categorization/request-batch.json" >"$work/packed"
call 200 "$products/infer" -H 'Content-Encoding: gzip' -H 'Accept-Encoding: gzip' --data-binary @"$work/packed"
expect_header Content-Encoding gzip
say "request $(wc -c <"$models/product-categorization/request-batch.json") bytes, packed $(wc -c <"$work/packed")"
gzip -dc <"$body" >"$work/plain"
say "answer $(wc -c <"$work/plain") bytes, packed $(wc -c <"$body")"
grep -q '"model_name":"product-categorization"' "$work/plain" || fail "the unpacked answer is none"

say "the same, plain"
call 200 "$products/infer" -d @"$models/product-categorization/request-batch.json"
[ -z "$(header Content-Encoding)" ] || fail "an answer is packed that should not be"
expect '"model_name":"product-categorization"'

say "deflate, unpacked by curl"
call 200 "$products/infer" --compressed -H 'Accept-Encoding: deflate' -d @"$models/product-categorization/request-batch.json"
expect_header Content-Encoding deflate
expect '"model_name":"product-categorization"'

say "what nobody can read is refused, with what can be"
call 501 "$products/infer" -H 'Content-Encoding: br' --data-binary @"$work/packed"
expect_header Accept-Encoding 'gzip, deflate'
show
