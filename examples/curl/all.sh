#!/usr/bin/env bash
# Every script here, one after the other; fails with the first one that does.
set -euo pipefail

cd "$(dirname "$0")"
for script in setup metadata ready json binary raw compression classification schedule index stats config; do
  printf -- '-- %s\n' "$script"
  bash "$script.sh"
done
