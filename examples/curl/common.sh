# What the scripts here share. TEAL_URL is where inference is, TEAL_API_URL the platform's API, TEAL_KEY_FILE holds a key for it.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
models="$here/../models"
url="${TEAL_URL:-http://127.0.0.1:8000}"
api="${TEAL_API_URL:-http://127.0.0.1:8080}/api/v1"
key_file="${TEAL_KEY_FILE:-${TEAL_HOME:-$here/../../.teal}/secrets/admin.key}"
fraud="$url/v2/models/fraud-detection"
products="$url/v2/models/product-categorization"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
body="$work/body"
head="$work/head"

say() { printf '%s\n' "$*"; }

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  if [ -s "$head" ]; then head -c 4000 "$head" >&2; fi
  if [ -s "$body" ]; then head -c 1000 "$body" | tr -d '\000' >&2; printf '\n' >&2; fi
  exit 1
}

# call STATUS ARGUMENTS… : curl, with the answer in $head and $body; fails on any other status. An inference key goes along if there is one.
call() {
  local wanted="$1" status
  shift
  status="$(curl -sS -o "$body" -D "$head" -w '%{http_code}' ${TEAL_INFERENCE_KEY:+-H "Authorization: Bearer $TEAL_INFERENCE_KEY"} "$@")" ||
    fail "nobody answers at $url; is Teal up?"
  [ "$status" = "$wanted" ] || fail "status $status, expected $wanted"
}

# The value of a header of the answer.
header() { sed -n "s/^$1: *\(.*\)\r\$/\1/Ip" "$head" | head -n 1; }

# expect TEXT: it is somewhere in the answer.
expect() { grep -qaF -- "$1" "$body" || fail "the answer has no $1"; }

# expect_header NAME VALUE
expect_header() { [ "$(header "$1")" = "$2" ] || fail "$1 is '$(header "$1")', expected '$2'"; }

show() {
  head -c 300 "$body"
  printf '\n'
}
