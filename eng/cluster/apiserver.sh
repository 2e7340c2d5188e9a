#!/usr/bin/env bash
# apiserver.sh RUN: starts the API server of RUN and waits until it is ready. For start.sh and restart.sh.
set -euo pipefail
cd "$1"
source ./settings

deadline=$(( SECONDS + 180 ))

# The one before may have been killed a moment ago: its leader is gone from /proc while another of its threads still holds the port.
printf -v listening '0100007F:%04X 00000000:0000 0A' "$api"
while grep -qF "$listening" /proc/net/tcp; do
  (( SECONDS <= deadline )) || { echo "port $api is still taken" >&2; exit 1; }
  sleep 0.05
done

# One endpoint on loopback cannot be written into an Endpoints object: no reconciler.
GOGC=75 setsid "$assets/kube-apiserver" --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$api" --endpoint-reconciler-type=none \
  --etcd-servers="http://127.0.0.1:$etcd" --etcd-compaction-interval=0 --service-cluster-ip-range=10.96.0.0/16 --profiling=false \
  --cert-dir=pki --tls-cert-file=pki/apiserver.crt --tls-private-key-file=pki/apiserver.key --client-ca-file=pki/ca.crt \
  --token-auth-file=tokens.csv --authorization-mode=RBAC --service-account-issuer=https://kubernetes.default.svc \
  --service-account-key-file=pki/tokens.pub --service-account-signing-key-file=pki/tokens.key \
  ${admission:+--enable-admission-plugins="$admission"} ${audited:+--audit-policy-file=audit.yaml --audit-log-path=audit.log} >> apiserver.log 2>&1 < /dev/null &
pid=$!
echo "$pid" > apiserver.pid

until curl -sf -o /dev/null --cacert pki/ca.crt -H "Authorization: Bearer $(< admin.token)" "https://127.0.0.1:$api/readyz"; do
  if ! kill -0 "$pid" 2> /dev/null || (( SECONDS > deadline )); then
    echo "kube-apiserver did not get ready; the last of $PWD/apiserver.log:" >&2
    tail -n 20 apiserver.log >&2
    exit 1
  fi
  sleep 0.1
done
