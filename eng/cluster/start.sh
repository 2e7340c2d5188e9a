#!/usr/bin/env bash
# start.sh ASSETS RUN [--controllers] [--admission PLUGIN] [--audit USER] [--owner PID]
# Starts etcd and kube-apiserver of the folder ASSETS on free ports of 127.0.0.1, with RBAC and token signing; all their state is in the new
# folder RUN. When it returns the API server is ready, RUN/admin.kubeconfig leads there, and RUN/server, RUN/admin.token and RUN/pki/ca.crt
# hold the same in parts. --controllers starts kube-controller-manager too: namespaces then end, owned objects are
# collected, and a Deployment has pods, which nobody runs.
# --admission turns on a plugin that is off unless asked for.
# --audit has the API server write what this user asks for to RUN/audit.log.
# --owner ends everything when that process has ended, however it did. stop.sh RUN ends it at any time.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
assets=$(cd "$1" && pwd -P)
mkdir -p "$2"
run=$(cd "$2" && pwd -P)
shift 2
controllers='' owner='' admission='' audited=''
while (( $# > 0 )); do
  case $1 in
    --controllers) controllers=yes; shift ;;
    --admission) admission=$2; shift 2 ;;
    --audit) audited=$2; shift 2 ;;
    --owner) owner=$2; shift 2 ;;
    *) echo "unknown argument: $1" >&2; exit 2 ;;
  esac
done
umask 077
mkdir "$run/pki"
cd "$run"

# Below the range from which the kernel gives ports to connections.
declare -A taken=()
free_port() {
  local port
  while :; do
    port=$(( 20000 + RANDOM % 12000 ))
    [[ -z ${taken[$port]:-} ]] && ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break
  done
  taken[$port]=1
  REPLY=$port
}
free_port; api=$REPLY
free_port; etcd=$REPLY
free_port; peer=$REPLY
free_port; manager=$REPLY

printf 'assets=%q\napi=%q\netcd=%q\nadmission=%q\naudited=%q\n' "$assets" "$api" "$etcd" "$admission" "$audited" > settings
[[ -z $audited ]] || cat > audit.yaml << END
{
  "apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
  "rules": [{ "level": "Metadata", "users": ["$audited"] }, { "level": "None" }]
}
END

"$here/authority.sh" "$run"
openssl ecparam -name prime256v1 -genkey -noout -out pki/tokens.key
openssl ec -in pki/tokens.key -pubout -out pki/tokens.pub 2> /dev/null
openssl rand -hex 24 > admin.token
echo "$(< admin.token),admin,admin,system:masters" > tokens.csv
echo "https://127.0.0.1:$api" > server

# Nothing here outlives the tests, so nothing needs to reach the disk.
GOGC=50 setsid "$assets/etcd" --name=test --data-dir=etcd --unsafe-no-fsync --quota-backend-bytes=268435456 \
  --listen-client-urls="http://127.0.0.1:$etcd" --advertise-client-urls="http://127.0.0.1:$etcd" \
  --listen-peer-urls="http://127.0.0.1:$peer" --initial-advertise-peer-urls="http://127.0.0.1:$peer" \
  --initial-cluster="test=http://127.0.0.1:$peer" > etcd.log 2>&1 < /dev/null &
echo $! > etcd.pid
"$here/apiserver.sh" "$run"

if [[ -n $controllers ]]; then
  # Versions before 1.24 open a second port, without TLS, unless told not to.
  insecure=''
  [[ $("$assets/kube-controller-manager" --help) != *" --port int "* ]] || insecure=--port=0
  GOGC=50 setsid "$assets/kube-controller-manager" --kubeconfig=admin.kubeconfig --bind-address=127.0.0.1 --secure-port="$manager" $insecure \
    --cert-dir=pki --leader-elect=false --root-ca-file=pki/ca.crt --service-account-private-key-file=pki/tokens.key --profiling=false \
    --controllers=garbagecollector,namespace,serviceaccount,serviceaccount-token,root-ca-cert-publisher,clusterrole-aggregation,deployment,replicaset \
    > controllers.log 2>&1 < /dev/null &
  echo $! > controllers.pid
fi
if [[ -n $owner ]]; then
  setsid bash -c 'tail --pid="$1" -f /dev/null; exec "$2/stop.sh" "$3"' owner "$owner" "$here" "$run" > /dev/null 2>&1 < /dev/null &
fi
