#!/usr/bin/env bash
# The model repository: what is served, version by version. Loading is the platform's business, and it says so.
source "$(dirname "$0")/common.sh"

say "POST /v2/repository/index"
call 200 -X POST "$url/v2/repository/index"
expect '{"name":"fraud-detection","version":"'
show

say "only what is ready"
call 200 "$url/v2/repository/index" -d '{"ready":true}'
expect '"state":"READY"'
if grep -q '"state":"[^R]' "$body"; then fail "something is listed that is not ready"; fi

say "POST /v2/repository/models/fraud-detection/load: refused"
call 400 -X POST "$url/v2/repository/models/fraud-detection/load"
expect "failed to load 'fraud-detection'"
show
