#!/usr/bin/env bash
# Builds and runs all test projects, one after the other, and says at the end how many tests there were.
# The native executable must have been published: `make test` sees to that.
set -uo pipefail
cd "$(dirname "$0")/.."

dotnet msbuild -restore -nologo -verbosity:quiet || exit 1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
for project in test/*/*.Tests.csproj; do
  name=$(basename "$project" .csproj)
  "artifacts/bin/$name/debug/$name" -noColor 2>&1 | tee -a "$log"
  (( PIPESTATUS[0] == 0 )) || failed=1
done

# A summary line reads: "   Name  Total: 53, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 1.234s"
read -r runs total bad skipped < <(awk '
  /Total: [0-9]+, Errors:/ {
    runs++
    for (i = 1; i <= NF; i++) {
      if ($i == "Total:") total += $(i + 1)
      if ($i == "Errors:" || $i == "Failed:") bad += $(i + 1)
      if ($i == "Skipped:") skipped += $(i + 1)
    }
  }
  END { print runs + 0, total + 0, bad + 0, skipped + 0 }' "$log")
projects=(test/*/*.Tests.csproj)
if (( runs != ${#projects[@]} )); then
  echo "$(( ${#projects[@]} - runs )) of ${#projects[@]} test projects ended without a summary" >&2
  failed=1
fi
(( failed == 0 || bad > 0 )) || bad=1

# In CI everything is there that a test may need. One that is skipped all the same is a failure, unless the list gives its reason; after a failure
# there may be skips that follow from it, such as those of a server that died.
if [[ ${CI:-} == true ]] && (( bad == 0 )); then
  mapfile -t skips < <(sed -nE 's/^ +([^ (]+).* \[SKIP\]$/\1/p' "$log")
  mapfile -t unlisted < <(printf '%s\n' "${skips[@]}" | grep -vxFf <(sed 's/[# ].*//' eng/skipped-in-ci.txt; echo))
  (( ${#skips[@]} == skipped )) || unlisted+=("$skipped were skipped, and ${#skips[@]} of them named")
  if (( ${#unlisted[@]} > 0 )); then
    printf 'skipped in CI, and not in eng/skipped-in-ci.txt: %s\n' "${unlisted[@]}" >&2
    bad=$(( bad + ${#unlisted[@]} ))
    skipped=$(( skipped - ${#unlisted[@]} ))
  fi
fi
echo "$skipped skipped"
echo "$(( total - bad - skipped )) passed, $bad failed"
(( bad == 0 && total > 0 ))
