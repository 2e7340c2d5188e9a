#!/usr/bin/env bash
# kill.sh RUN: kills the API server of RUN, as a crash would, and leaves etcd. apiserver.sh RUN starts it again on the same port with the same objects.
set -euo pipefail
cd "$1"
pid=$(< apiserver.pid)
[[ $(readlink "/proc/$pid/cwd") == "$(pwd -P)" ]] || { echo "The API server of $1 is not running." >&2; exit 1; }
kill -KILL "$pid"
