#!/usr/bin/env bash
# Lets each fault strike again and again, the classes side by side, on real API servers under the published executable, and prints a table: how long it took
# from the end of the fault until the ConfigMap was what it was before, how often the service wrote it, and whether each byte of overrides.yaml stayed.
# These are the tests of the gate, test/DynamicToolset.Service.Tests/Faults, in a release build. Ends with 1 where a test fails.
#
# usage: eng/faults.sh [RUNS [SECONDS]]
#   RUNS of each fault, 10 unless given; SECONDS that etcd stands still for, 60 unless given.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
FAULT_RUNS=${1:-10} FAULT_OUTAGE=${2:-60} artifacts/bin/DynamicToolset.Service.Tests/release/DynamicToolset.Service.Tests \
  -noColor -showLiveOutput -maxThreads 4 -namespace DynamicToolset.Service.Tests.Faults > "$log" 2>&1 || status=$?

awk -F ' [|] ' '
  BEGIN { row("fault", "runs", "recovered median s", "worst s", "writes median", "worst", "overrides intact") }
  function row(fault, runs, median, worst, writes, most, intact) {
    printf "%-56s %5s %19s %8s %14s %6s %17s\n", fault, runs, median, worst, writes, most, intact
  }
  sub(/.*\[OUTPUT\] fault: /, "") { row($1, $2, $3, $4, $5, $6, $7) }' "$log"
(( status == 0 )) || grep -F -A 20 '[FAIL]' "$log" >&2 || tail -n 20 "$log" >&2
if grep -F '[SKIP]' "$log" >&2; then status=1; fi
exit $(( status > 0 ))
