#!/usr/bin/env bash
# Builds the last commit in two fresh clones, of which one lies deeper than the other, and compares what comes of it byte by byte.
#
# usage: eng/image/reproduce.sh RID
set -euo pipefail
cd "$(dirname "$0")/../.."
rid=${1:?linux-x64 or linux-arm64}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folders=("$work/a" "$work/another/folder/with-a-longer-name")
for folder in "${folders[@]}"; do
  git clone --quiet . "$folder"
  make --silent --directory "$folder" image "RID=$rid"
done
diff -r "${folders[0]}/artifacts/image" "${folders[1]}/artifacts/image" && echo "the same bytes"
