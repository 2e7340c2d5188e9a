#!/usr/bin/env bash
# Plants each fault of test/planted-faults in a copy of the sources, builds it, runs the tests of the pure project, and expects them to
# fail: a test that cannot fail proves nothing. Not part of the usual checks; one fault takes 15 to 40 seconds on two cores.
#
# usage: eng/planted-faults.sh [NAME...]    without a name all of them
# FAULTS_RUNNER is put before each build and test command, for example to take turns on a shared machine.
set -euo pipefail
cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard -- ':!docs' | tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory="$copy"
cd "$copy"
git init --quiet

names=("$@")
[ ${#names[@]} -gt 0 ] || for patch in test/planted-faults/*.patch; do names+=("$(basename "$patch" .patch)"); done

tests=artifacts/bin/DynamicToolset.Tests/release/DynamicToolset.Tests
# The tests are to find the fault, not the analyzers.
build() { ${FAULTS_RUNNER:-} dotnet build test/DynamicToolset.Tests --configuration Release --verbosity quiet -p:RunAnalyzers=false >build.log 2>&1; }
build || { tail -20 build.log >&2; exit 2; }
${FAULTS_RUNNER:-} "$tests" >test.log 2>&1 || { echo "the tests fail without a fault:" >&2; grep FAIL test.log >&2; exit 2; }

survivors=0
for name in "${names[@]}"; do
  patch=test/planted-faults/$name.patch
  git apply "$patch"
  if ! build; then
    echo "does not build: $name" >&2
    tail -5 build.log >&2
    survivors=$((survivors + 1))
  elif ${FAULTS_RUNNER:-} "$tests" -stopOnFail >test.log 2>&1; then
    echo "SURVIVED $name"
    survivors=$((survivors + 1))
  else
    echo "caught   $name by $(grep --max-count=1 'FAIL' test.log | grep --only-matching --extended-regexp '[A-Za-z]+(Tests|Properties)\.[A-Za-z0-9_]{9,}' | tail -1)"
  fi
  git apply --reverse "$patch"
done
echo "${#names[@]} planted, $survivors not caught"
[ $survivors -eq 0 ]
