#!/usr/bin/env bash
# Prints a folder with etcd, kube-apiserver and kube-controller-manager for start.sh: KUBEBUILDER_ASSETS where that is set
# (https://book.kubebuilder.io/reference/envtest.html), else version 1.20.2, built once from Debian's source package: some minutes, 1.2 GB meanwhile.
set -euo pipefail

fail() { echo "$1" >&2; exit 2; }
serves() { [[ -x $1/etcd && -x $1/kube-apiserver ]]; }

if [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
  serves "$KUBEBUILDER_ASSETS" || fail "KUBEBUILDER_ASSETS=$KUBEBUILDER_ASSETS holds no etcd and kube-apiserver"
  echo "$KUBEBUILDER_ASSETS"
  exit
fi

version=1.20.2
assets=${XDG_CACHE_HOME:-$HOME/.cache}/dynamic-toolset/kube/$version
if serves "$assets" && [[ -x $assets/kube-controller-manager ]]; then
  echo "$assets"
  exit
fi

step() { echo "[${SECONDS} s] $1" >&2; }

# What the build needs. etcd is taken as it is.
wanted=()
for package in golang-go etcd-server dpkg-dev golang-github-modern-go-reflect2-dev; do
  dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || wanted+=("$package")
done
archive=/etc/apt/sources.list.d/debian.sources
advice="Set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver, or run this on Debian 12"
[[ -f $archive ]] && command -v apt-get > /dev/null || fail "A real API server cannot be built here. $advice."
if (( ${#wanted[@]} > 0 )); then
  [[ $(id -u) == 0 ]] || fail "A real API server cannot be built without: ${wanted[*]}. Install them, or: $advice as root."
  step "installing ${wanted[*]}"
  apt-get -qq update >&2
  DEBIAN_FRONTEND=noninteractive apt-get -y -qq install --no-install-recommends "${wanted[@]}" >&2
fi

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# Source packages by lists of our own, made from the system's: what the system knows stays as it is.
step "fetching the source of Kubernetes"
mkdir -p "$work"/{lists,cache/archives}/partial "$work/download"
awk 'BEGIN { RS = "" } NR == 1' "$archive" | sed -e 's/^Types:.*/Types: deb-src/' -e 's/^Suites:.*/Suites: bookworm/' > "$work/source.sources"
apt_source() {
  apt-get -qq -o "Dir::Etc::SourceList=$work/source.sources" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$work/lists" \
    -o "Dir::Cache=$work/cache" -o "APT::Sandbox::User=$(id -un)" "$@" >&2
}
apt_source update
(cd "$work/download" && apt_source source --download-only kubernetes)
# Debian calls it 1.20.5+really1.20.2.
description=("$work"/download/kubernetes_1.20.*"$version"*.dsc)
[[ -f ${description[0]} ]] || fail "Debian's source package is no longer Kubernetes $version. $advice."
export GOPATH=$work/go GO111MODULE=off CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=
export GOCACHE=${GOCACHE:-$work/compiled}
source=$GOPATH/src/k8s.io/kubernetes
mkdir -p "$(dirname "$source")"
dpkg-source --no-check -x "${description[0]}" "$source" >&2
cd "$source"

# The bundled reflect2 panics at every map when compiled with Go 1.18 or later, after a start that looks healthy.
rm -rf vendor/github.com/modern-go/reflect2
cp -r /usr/share/gocode/src/github.com/modern-go/reflect2 vendor/github.com/modern-go/

# The only generated file that the source package leaves out.
step "generating the API description"
go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
described=$(grep -rl --include='*.go' '^// *+k8s:openapi-gen=' vendor/k8s.io/*/ pkg plugin cmd \
  | grep -vE '_test\.go$|/testdata/|^vendor/k8s\.io/(code-generator|sample-apiserver|gengo|kube-openapi)/' \
  | xargs -n 1 dirname | LC_ALL=C sort -u | sed 's|^|k8s.io/kubernetes/|' | paste -sd ,)
"$work/openapi-gen" --logtostderr --v 0 --input-dirs "$described" --output-package k8s.io/kubernetes/pkg/generated/openapi \
  --output-file-base zz_generated.openapi --go-header-file hack/boilerplate/boilerplate.generatego.txt --report-filename "$work/violations"

# Without the version clients that read it fail; without the cloud providers a third of the time is saved.
vendored=k8s.io/kubernetes/vendor/k8s.io
stamp="-X $vendored/component-base/version.gitVersion=v$version -X $vendored/component-base/version.gitMajor=1"
stamp+=" -X $vendored/component-base/version.gitMinor=20 -X $vendored/client-go/pkg/version.gitVersion=v$version"
for program in kube-apiserver kube-controller-manager; do
  step "compiling $program"
  go build -tags providerless -trimpath -ldflags "-s -w $stamp" -o "$work/out/$program" "k8s.io/kubernetes/cmd/$program"
done

# Whole or not at all: an interrupted build must not be taken for a finished one.
cp "$(command -v etcd)" "$work/out/etcd"
mkdir -p "$(dirname "$assets")"
rm -rf "$assets" "$assets.new"
cp -r "$work/out" "$assets.new"
mv "$assets.new" "$assets"
step "done"
echo "$assets"
