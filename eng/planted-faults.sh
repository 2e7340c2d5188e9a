#!/usr/bin/env bash
# Plants each fault of test/planted-faults in a copy of the sources, builds it, runs the tests of the project that its folder is named after,
# and expects them to fail: a test that cannot fail proves nothing. Not part of the usual checks; one fault takes 15 to 60 seconds on two cores.
#
# usage: eng/planted-faults.sh [PROJECT/NAME...]    without a name all of them, for example DynamicToolset.Tests/drift-is-not-repaired
# FAULTS_RUNNER is put before each build and test command, for example to take turns on a shared machine.
set -euo pipefail
cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory="$copy"
cd "$copy"
git init --quiet

names=("$@")
[ ${#names[@]} -gt 0 ] || for patch in test/planted-faults/*/*.patch; do
  name=${patch#test/planted-faults/}
  names+=("${name%.patch}")
done

# The tests are to find the fault, not the analyzers.
build() { ${FAULTS_RUNNER:-} dotnet build "test/$1" --configuration Release --verbosity quiet -p:RunAnalyzers=false >build.log 2>&1; }
run() { ${FAULTS_RUNNER:-} "artifacts/bin/$1/release/$1" "${@:2}" >test.log 2>&1; }

sound=
expect_sound() {
  [[ $sound != *" $1 "* ]] || return 0
  build "$1" || { tail -20 build.log >&2; exit 2; }
  run "$1" || { echo "the tests of $1 fail without a fault:" >&2; grep FAIL test.log >&2; exit 2; }
  sound+=" $1 "
}

survivors=0
for name in "${names[@]}"; do
  project=${name%%/*}
  patch=test/planted-faults/$name.patch
  expect_sound "$project"
  git apply "$patch"
  if ! build "$project"; then
    echo "does not build: $name" >&2
    tail -5 build.log >&2
    survivors=$((survivors + 1))
  elif run "$project" -stopOnFail; then
    echo "SURVIVED $name"
    survivors=$((survivors + 1))
  else
    echo "caught   $name by $(grep --max-count=1 'FAIL' test.log | grep --only-matching --extended-regexp '[A-Za-z]+(Tests|Properties)\.[A-Za-z0-9_]{9,}' | tail -1)"
  fi
  git apply --reverse "$patch"
done
echo "${#names[@]} planted, $survivors not caught"
[ $survivors -eq 0 ]
