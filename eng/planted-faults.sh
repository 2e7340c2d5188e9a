#!/usr/bin/env bash
# Plants each fault of test/planted-faults in a copy of the sources, builds it, runs the tests of the project that its folder is named after,
# and expects them to fail: a test that cannot fail proves nothing. Not part of the usual checks.
#
# usage: eng/planted-faults.sh [--check | --record] [PROJECT/NAME...]
#   Without a name all of them; a name is for example DynamicToolset.Tests/drift-is-not-repaired.
#   --check only tells which patches no longer fit the sources; --record writes into each patch which test class caught it, where it does not say.
# Lines "# caught by: FooTests, BarTests" before the diff name the test classes that are run first; all others only where these pass.
# FAULTS_WORKERS (2) copies are worked on side by side. FAULTS_RUNNER is put before each build and test command, for example to take turns on a
# shared machine. A run that takes longer than FAULTS_LIMIT (600) seconds is ended and counts as HUNG, not as caught: in the gate it would hang as well.
set -euo pipefail
cd "$(dirname "$0")/.."
check='' record=''
case ${1:-} in
  --check) check=yes; shift ;;
  --record) record=yes; shift ;;
esac

names=("$@")
(( ${#names[@]} > 0 )) || mapfile -t names < <(cd test/planted-faults && printf '%s\n' */*.patch | sed 's/\.patch$//')
fitting=()
for name in "${names[@]}"; do
  if git apply --check "test/planted-faults/$name.patch" 2> /dev/null; then fitting+=("$name"); else echo "does not apply: $name"; fi
done
unfit=$(( ${#names[@]} - ${#fitting[@]} ))
[[ -z $check ]] || { echo "$unfit of ${#names[@]} do not apply"; exit $(( unfit > 0 )); }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The tests are to find the fault, not the analyzers.
build() { ${FAULTS_RUNNER:-} dotnet build "test/$1" --configuration Release --verbosity quiet "${@:2}" -p:RunAnalyzers=false -p:GenerateDocumentationFile=false > build.log 2>&1; }
# Nothing is published in a copy, so what is deployed in tests is what was built.
run() { TEST_PROGRAM=$PWD/artifacts/bin/$1/release/dynamic-toolset ${FAULTS_RUNNER:-} timeout --kill-after=10 "${FAULTS_LIMIT:-600}" "artifacts/bin/$1/release/$1" -noColor "${@:2}" > test.log 2>&1; }

# The first failure of the last run; what failed without one ended before its summary.
catcher() { grep --max-count=1 -F '[FAIL]' test.log | sed -E 's/^ *//; s/^DynamicToolset(\.[A-Za-z]+)?\.Tests\.//; s/[ (].*//' || true; }

# The test classes that patches name, as arguments of the runner.
classes_of() { sed -nE 's/^# caught by: //p' "$@" | tr ', ' '\n\n' | sort -u | sed -E '/^$/d; s/^/-class\n*./'; }

# The sound tree passes the tests that are to catch something: those that are named, or all of the project where a patch names none.
is_sound() {
  local patches=() classes=()
  mapfile -t patches < <(grep "^$1/" "$work/all" | sed 's/.*/test\/planted-faults\/&.patch/')
  [[ -n $(grep -L '^# caught by: ' "${patches[@]}") ]] || mapfile -t classes < <(classes_of "${patches[@]}")
  run "$1" "${classes[@]}"
}

# One fault: prints "RESULT NAME CATCHER SECONDS".
try() {
  local name=$1 project=${1%%/*} patch=test/planted-faults/$1.patch begun=$SECONDS by='' classes=() result=SURVIVED status=0
  mapfile -t classes < <(classes_of "$patch")
  git apply "$patch"
  if ! build "$project" --no-restore; then
    result=UNBUILT
    by=$(grep -m 1 -oE 'error [A-Z]+[0-9]+' build.log || true)
  else
    (( ${#classes[@]} == 0 )) || run "$project" -stopOnFail "${classes[@]}" || status=$?
    if (( status == 0 )); then
      (( ${#classes[@]} == 0 )) || echo "the tests that it names pass: $name" >&2
      run "$project" -stopOnFail || status=$?
    fi
    case $status in
      0) ;;
      124 | 137) result=HUNG ;;
      *) result=caught ;;
    esac
  fi
  [[ $result != caught ]] || by=$(catcher)
  git apply --reverse "$patch"
  printf '%s\t%s\t%s\t%s\n' "$result" "$name" "${by:--}" $(( SECONDS - begun ))
}

worker() { # NUMBER: its own copy; takes the next fault until there is none.
  mkdir "$work/$1"
  tar --extract --directory="$work/$1" < "$work/sources.tar"
  cd "$work/$1"
  git init --quiet
  local name project sound=''
  while name=$(flock "$work/lock" sh -c 'head -n 1 "$0"; sed -i 1d "$0"' "$work/queue") && [[ -n $name ]]; do
    project=${name%%/*}
    if [[ $sound != *" $project "* ]]; then
      build "$project" || { tail -n 5 build.log >&2; echo "$project does not build without a fault" >&2; return 1; }
      # Once for all workers: a test that fails anyway would catch everything.
      if mkdir "$work/sound-$project" 2> /dev/null && ! is_sound "$project"; then
        grep -F '[FAIL]' test.log >&2 || tail -n 5 test.log >&2
        echo "the tests of $project fail without a fault: what they catch counts for nothing" >&2
        touch "$work/unsound"
      fi
      sound+=" $project "
    fi
    try "$name" | tee -a "$work/results" | awk -F '\t' '{ printf "%-9s %s by %s in %d s\n", $1, $2, $3, $4 }'
  done
}

git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- --ignore-failed-read > "$work/sources.tar"
touch "$work/results" "$work/lock"
(( ${#fitting[@]} == 0 )) || printf '%s\n' "${fitting[@]}" > "$work/queue"
touch "$work/queue"
cp "$work/queue" "$work/all"
workers=()
for (( i = 0; i < ${FAULTS_WORKERS:-2}; i++ )); do
  worker "$i" &
  workers+=($!)
done
failed=0
for pid in "${workers[@]}"; do wait "$pid" || failed=1; done

echo
sort "$work/results" | awk -F '\t' 'BEGIN { printf "%-80s %-9s %4s  %s\n", "fault", "", "s", "by" } { printf "%-80s %-9s %4d  %s\n", $2, $1, $4, $3 }'
if [[ -n $record ]]; then
  while IFS=$'\t' read -r result name by _; do
    by=${by%.*}
    patch=test/planted-faults/$name.patch
    [[ $result != caught || $by == - ]] || grep -q '^# caught by: ' "$patch" || sed -i "1i # caught by: ${by##*.}" "$patch"
  done < "$work/results"
fi
caught=$(grep -c ^caught "$work/results" || true)
echo "${#names[@]} planted, $(( ${#names[@]} - caught )) not caught, $unfit of them do not apply"
(( failed == 0 && caught == ${#names[@]} )) && [[ ! -e $work/unsound ]]
