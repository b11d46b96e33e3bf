#!/bin/sh
# Audits calls with GNU parallel, on this machine or on several that see the same recordings:
#
#     callaudit-parallel.sh /srv/calls calls.csv reports.jsonl [parallel's options, such as --sshlogin audit1,audit2]
#
# Each worker takes a block of calls, loads rules and model once, and audits one call at a time; as many work as there are
# cores. Settings come from callaudit.toml or CALLAUDIT_… variables. Blocks whose machine failed are given out again, so
# nothing of a block is printed before it is whole.
set -eu
inputs=$1 records=$2 reports=$3
shift 3
callaudit worker list "$inputs" --calls "$records" |
  parallel --pipe --recend '\n' -N "${BLOCK:-50}" --retries 3 "$@" callaudit worker --jobs 1 >"$reports"
