#!/usr/bin/env bash
# stop.sh RUN: ends the processes that start.sh started for RUN, and no others, and removes what etcd kept. May be run again.
set -euo pipefail
cd "$1" 2> /dev/null || exit 0

# A process id may have been given to somebody else by now: only a process that still works in RUN is one of ours.
is_ours() { [[ $(readlink "/proc/$1/cwd" 2> /dev/null) == "$(pwd -P)" ]]; }

for name in controllers apiserver etcd; do
  [[ -f $name.pid ]] || continue
  pid=$(< "$name.pid")
  # Asked politely, an API server would wait up to a minute for its watches to end.
  ! is_ours "$pid" || kill -KILL "$pid" 2> /dev/null || true
  while is_ours "$pid"; do sleep 0.05; done
  rm -f "$name.pid"
done
rm -rf etcd
