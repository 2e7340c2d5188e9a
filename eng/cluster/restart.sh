#!/usr/bin/env bash
# restart.sh RUN [--new-authority]
# Kills the API server of RUN and starts it again on the same port with the same objects. Every watch breaks off, and resource versions from
# before are too old to watch from (410). --new-authority has all certificates made anew, by a certificate authority that nobody knows yet:
# RUN/pki/ca.crt and RUN/admin.kubeconfig are others then.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$1"
pid=$(< apiserver.pid)
[[ $(readlink "/proc/$pid/cwd") == "$(pwd -P)" ]] || { echo "The API server of $1 is not running." >&2; exit 1; }
kill -KILL "$pid"
[[ ${2:-} != --new-authority ]] || "$here/authority.sh" "$PWD"
exec "$here/apiserver.sh" "$PWD"
