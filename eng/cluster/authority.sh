#!/usr/bin/env bash
# authority.sh RUN: makes a certificate authority for RUN, and what it has signed: the API server's certificate, and that of an admin in
# RUN/admin.kubeconfig. For start.sh, and for restart.sh where a new authority takes the place of the one before.
set -euo pipefail
umask 077
cd "$1"
source ./settings

# Elliptic curves: made in milliseconds.
key() { openssl ecparam -name prime256v1 -genkey -noout -out "pki/$1.key"; }
certificate() { # NAME SUBJECT USAGE [NAMES]
  key "$1"
  openssl req -new -key "pki/$1.key" -subj "$2" 2> /dev/null \
    | openssl x509 -req -CA pki/ca.crt -CAkey pki/ca.key -set_serial "0x$(openssl rand -hex 8)" -days 30 -out "pki/$1.crt" -extfile <(
        printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n' "$3"
        [[ -z ${4:-} ]] || printf 'subjectAltName=%s\n' "$4"
      ) 2> /dev/null
}
key ca
openssl req -x509 -new -key pki/ca.key -days 30 -subj /CN=cluster -out pki/ca.crt -addext keyUsage=critical,keyCertSign,cRLSign 2> /dev/null
certificate apiserver /CN=kube-apiserver serverAuth DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1
certificate admin /O=system:masters/CN=admin clientAuth
cat > admin.kubeconfig << END
apiVersion: v1
kind: Config
current-context: test
contexts:
- name: test
  context: {cluster: test, user: admin}
clusters:
- name: test
  cluster:
    server: https://127.0.0.1:$api
    certificate-authority-data: $(base64 -w 0 pki/ca.crt)
users:
- name: admin
  user:
    client-certificate-data: $(base64 -w 0 pki/admin.crt)
    client-key-data: $(base64 -w 0 pki/admin.key)
END
