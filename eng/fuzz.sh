#!/usr/bin/env bash
# Runs the fuzz tests for a while each, batch by batch with ascending seeds, on the test programs as they are built (debug), and prints a table: how many
# inputs there were, which took longest and of which most was held for its size, and the command that runs a failure again. Ends with 1 after a failure.
#
# usage: eng/fuzz.sh [MINUTES] [CLASS...]
#   MINUTES for each class, 10 unless given; a class is for example WatchFuzzTests, all of them unless given.
# FUZZ_SEED is the first seed, a random one unless set; FUZZ_BATCH (3000) says how many there are in a batch.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-10}
shift || true
classes=("$@")
(( ${#classes[@]} > 0 )) || mapfile -t classes < <(basename -s .cs test/*/Fuzz/*FuzzTests.cs)
first=${FUZZ_SEED:-$(( RANDOM * 50000 ))}
batch=${FUZZ_BATCH:-3000}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# One line for each batch: class, then the numbers of the line that the test writes.
numbers() { sed -nE "s/.*\[OUTPUT\] fuzz: ([0-9]+) cases, ([0-9]+) taken, slowest ([0-9]+) ms with seed ([0-9]+), held ([0-9.-]+) times with seed ([0-9]+).*/$1 \1 \2 \3 \4 \5 \6/p" "$2"; }

run() { # CLASS
  local project end=$(( SECONDS + minutes * 60 )) seed=$first
  project=$(basename "$(dirname "$(dirname test/*/Fuzz/"$1".cs)")")
  while (( SECONDS < end )); do
    TEST_SEED=$seed TEST_CASES=$batch "artifacts/bin/$project/debug/$project" -noColor -showLiveOutput -class "*.$1" > "$log.run" 2>&1 \
      || { echo "failed $1"; grep -m 1 -A 1 '^ *TEST_SEED=' "$log.run" || tail -n 3 "$log.run"; }
    numbers "$1" "$log.run"
    seed=$(( seed + batch ))
  done
  rm -f "$log.run"
}

echo "seeds from $first"
for class in "${classes[@]}"; do run "$class"; done | tee "$log" | grep --line-buffered -A 2 '^failed' || true
awk -v names="${classes[*]}" '
  BEGIN { printf "%-20s %9s %9s %9s   %-26s %-28s %s\n", "", "cases", "taken", "refused", "slowest", "most held for its size", "failures" }
  $1 == "failed" { failures[$2]++; next }
  NF == 7 && $2 ~ /^[0-9]+$/ {
    cases[$1] += $2; taken[$1] += $3
    if ($4 + 0 >= ms[$1] + 0) { ms[$1] = $4; slow[$1] = $5 }
    if ($6 + 0 >= held[$1] + 0) { held[$1] = $6; heavy[$1] = $7 }
  }
  END {
    count = split(names, all, " ")
    for (i = 1; i <= count; i++) {
      c = all[i]; total += failures[c]
      printf "%-20s %9d %9d %9d   %-26s %-28s %d\n", c, cases[c], taken[c], cases[c] - taken[c], ms[c] " ms (seed " slow[c] ")", held[c] " times (seed " heavy[c] ")", failures[c]
    }
    exit total > 0
  }' "$log"
