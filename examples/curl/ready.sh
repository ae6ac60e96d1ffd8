#!/usr/bin/env bash
# Whether the server lives and wants traffic, and whether a model takes requests. A model that sleeps does: a request wakes it, this does not.
source "$(dirname "$0")/common.sh"

say "GET /v2/health/live and /v2/health/ready"
call 200 "$url/v2/health/live"
expect '{"live":true}'
call 200 "$url/v2/health/ready"
expect '{"ready":true}'

say "GET /v2/models/fraud-detection/ready"
call 200 "$fraud/ready"
expect '{"name":"fraud-detection","ready":true}'

say "GET …/versions/none/ready: no such version"
call 404 "$fraud/versions/none/ready"
show
