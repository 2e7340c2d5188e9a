#!/usr/bin/env bash
# Writes at-rest.txt anew: the methods that the service enters while nothing happens, from the sixteenth second after its start on, with 1,000 Services,
# ten backends and a kubelet and a Prometheus that ask. The compiler puts them together, so that the rest need not be in memory. x64 alone; the names are
# the same for arm64.
#
# usage: eng/order/record.sh, after make publish and a release build of bench/DynamicToolset.Bench
set -euo pipefail
cd "$(dirname "$0")/../.."
object=artifacts/obj/DynamicToolset.Service/release_linux-x64/native/dynamic-toolset.o
program=artifacts/publish/DynamicToolset.Service/release_linux-x64/dynamic-toolset
section=__managedcode
work=$(mktemp -d)
trap 'kill "$bench" 2> /dev/null; rm -rf "$work"' EXIT

cc -O1 -o "$work/entered" eng/order/entered.c
objdump --syms "$object" | awk -F'\t' -v section=" $section" 'index($1, section) { split($1, at, " "); last = split($2, rest, " "); if (rest[1] !~ /^0+$/) print at[1], rest[last] }' | sort > "$work/functions"
base=$(readelf --sections --wide "$program" | awk -v section="$section" '$0 ~ section { sub(/^.*PROGBITS */, ""); print $1 }')

artifacts/bin/DynamicToolset.Bench/release/DynamicToolset.Bench soak --program "$program" --services 1000 > "$work/soak" 2>&1 &
bench=$!
until process=$(pgrep --parent "$bench" --exact dynamic-toolset); do sleep 0.1; done
sleep 16
asked=$(ss --listening --tcp --numeric --processes | grep "pid=$process," | grep -o ':[0-9]\+ ' | tr -d ': ')
(
  while sleep 8 && kill -0 "$process"; do
    for port in $asked; do
      for path in healthz readyz metrics; do curl --silent --max-time 3 --output /dev/null "http://127.0.0.1:$port/$path" || true; done
    done
  done
) 2> /dev/null &
"$work/entered" "$process" "$base" 100 < "$work/functions" > eng/order/at-rest.txt
wc --lines eng/order/at-rest.txt
