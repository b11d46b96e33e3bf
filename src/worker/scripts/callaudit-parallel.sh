#!/bin/sh
# Audits calls with GNU parallel, on this machine or on several that see the same recordings:
#
#     callaudit-parallel.sh /srv/calls calls.csv reports.jsonl [parallel's options]
#     callaudit-parallel.sh /srv/calls calls.csv reports.jsonl --sshlogin audit1,audit2 --env CALLAUDIT_MODELS
#
# Each worker takes a block of calls, loads rules and model once, and audits one call at a time; as many work
# as there are cores. Settings come from callaudit.toml or CALLAUDIT_… variables; other machines see those
# named with --env.
#
# A block whose worker fails is given out again, whole, twice at most, to another machine where there is one.
# What the failed worker answered and said is thrown away, so each call is in the reports once. Of a block
# that fails for the third time there may be some reports, what its worker said, and its exit status in
# reports.jsonl.log.
#
# Exit status: 0 every call was answered, 2 some could not be listed or were not answered; the others are.
set -eu
inputs=$1 records=$2 reports=$3
shift 3
calls=$(mktemp)
trap 'rm -f "$calls"' EXIT
status=0
callaudit worker list "$inputs" --calls "$records" >"$calls" || status=2
parallel --pipe --block 20M --recend '\n' -N "${BLOCK:-50}" --retries 3 --joblog "$reports.log" "$@" \
  callaudit worker --jobs 1 <"$calls" >"$reports" || status=2
exit $status
