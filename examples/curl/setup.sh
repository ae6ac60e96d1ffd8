#!/usr/bin/env bash
# Registers the two example models, each with golden samples, and serves them as fraud-detection and product-categorization. May be repeated.
source "$(dirname "$0")/common.sh"

[ -r "$key_file" ] || fail "no key at $key_file; say where it is with TEAL_KEY_FILE, or start Teal with ./teal up"
authorized() { call "$@" -H "Authorization: Bearer $(cat "$key_file")"; }
json='Content-Type: application/json'

exists() {
  [ "$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $(cat "$key_file")" "$1")" = 200 ]
}

for model in fraud-detection product-categorization; do
  say "$model: register version 1"
  exists "$api/models/$model" || authorized 201 "$api/models" -H "$json" -d "{\"name\":\"$model\"}"
  exists "$api/models/$model/versions/1" ||
    authorized 201 "$api/models/$model/versions" \
      -F "artifact=@$models/$model/v1.onnx" -F "samples=@$models/$model/v1.samples.json"
  say "$model: serve it"
  exists "$api/endpoints/$model" ||
    authorized 201 -X PUT "$api/endpoints/$model" -H "$json" -d "{\"model\":\"$model\",\"version\":\"1\"}"
done

for model in fraud-detection product-categorization; do
  say "$model: wait until it is live"
  curl -sS -o "$body" -D "$head" --retry 120 --retry-delay 1 --retry-max-time 120 --retry-all-errors -sf "$url/v2/models/$model/ready" ||
    fail "$model is not live after two minutes"
done
