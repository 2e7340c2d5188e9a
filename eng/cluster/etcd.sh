#!/usr/bin/env bash
# etcd.sh RUN STOP|CONT: has etcd of RUN stand still, so that whoever asks the API server waits, or go on.
set -euo pipefail
cd "$1"
pid=$(< etcd.pid)
[[ $(readlink "/proc/$pid/cwd") == "$(pwd -P)" ]] || { echo "etcd of $1 is not running." >&2; exit 1; }
kill -"$2" "$pid"
