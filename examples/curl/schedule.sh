#!/usr/bin/env bash
# Schedule policy: priority (1 is the most urgent) and timeout (microseconds in the queue), and Teal's own deadline for the whole.
source "$(dirname "$0")/common.sh"

inputs='"inputs":[{"name":"title","shape":[1],"datatype":"BYTES","data":["classic leather sneakers"]}]'

say "POST …/product-categorization/infer: urgent, at most 5 s in the queue, 10 s in all"
call 200 "$products/infer" -H 'Teal-Deadline-Millis: 10000' -d "{\"parameters\":{\"priority\":1,\"timeout\":5000000},$inputs}"
expect '"data":["shoes"]'
show

say "a priority that is no number is refused"
call 400 "$products/infer" -d "{\"parameters\":{\"priority\":\"high\"},$inputs}"
show

say "and so is a deadline"
call 400 "$products/infer" -H 'Teal-Deadline-Millis: soon' -d "{$inputs}"
show
