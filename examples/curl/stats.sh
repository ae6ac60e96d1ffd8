#!/usr/bin/env bash
# What a version's workers have done, those that have gone too: counts only grow, so the difference of two answers is what was between them.
source "$(dirname "$0")/common.sh"

count() {
  call 200 "$fraud/stats"
  expect '{"model_stats":[{"name":"fraud-detection","version":"'
  grep -o '"inference_count":[0-9]*' "$body" | cut -d: -f2 | paste -sd+ - | { read -r sum && echo $((sum)); }
}

before="$(count)"
say "one request of 1 row, one of 32"
call 200 "$fraud/infer" -d @"$models/fraud-detection/request.json"
call 200 "$fraud/infer" -d @"$models/fraud-detection/request-batch.json"
say "GET …/fraud-detection/stats"
after="$(count)"
show
[ $((after - before)) -ge 33 ] || fail "inference_count went from $before to $after, expected 33 more"
say "inference_count: $before before, $after after"

say "GET /v2/models/stats: of all"
call 200 "$url/v2/models/stats"
expect '"name":"product-categorization"'
