#!/usr/bin/env bash
# Builds the image for one architecture, and beside it what it consists of and under which licenses, into artifacts/image. docs/image.md tells more.
#
# usage: eng/image/build.sh RID
#   RID is linux-x64 or linux-arm64. SOURCE_DATE_EPOCH is the time that the image bears, in seconds; unless it is set, that of the last commit.
# The same commit, tools and Debian packages give the same bytes, wherever it is built.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD rid=${1:?linux-x64 or linux-arm64}
case $rid in
  linux-x64) architecture=amd64 target=x86_64-linux-gnu ;;
  linux-arm64) architecture=arm64 target=aarch64-linux-gnu ;;
  *) echo "There is no image for $rid: linux-x64 and linux-arm64 are built." >&2; exit 2 ;;
esac

missing=()
for tool in clang:clang ld.lld:lld cmake:cmake buildah:buildah; do
  command -v "${tool%:*}" > /dev/null || missing+=("${tool#*:}")
done
(( ${#missing[@]} == 0 )) || { echo "An image cannot be built without: ${missing[*]} (Debian: apt-get install --no-install-recommends ${missing[*]})" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(dotnet msbuild src/DynamicToolset.Service -getProperty:Version)
revision=$(git rev-parse HEAD 2> /dev/null || echo unknown)
[[ -z $(git status --porcelain 2> /dev/null) ]] || revision=unknown
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || echo 0)}
tools=$root/artifacts/image-tools/$architecture
sysroot=$tools/sysroot
native=artifacts/obj/DynamicToolset.Service/release_$rid/native
output=$root/artifacts/image/dynamic-toolset-$version-linux-$architecture
rm -rf "$output"*
mkdir -p artifacts/image

eng/image/sysroot.sh "$architecture" "$sysroot"

# The runtime's shim before OpenSSL is compiled by cmake, which takes a program without arguments, and remembers what it found.
printf '#!/bin/sh\nexec clang --target=%s --sysroot="%s" "$@"\n' "$target" "$sysroot" > "$tools/clang"
chmod +x "$tools/clang"
sed "s|@sysroot@|$sysroot|; s|@processor@|${target%%-*}|" eng/image/toolchain.cmake > "$tools/toolchain.cmake"
rm -rf "${native%/native}/libs"
CMAKE_TOOLCHAIN_FILE=$tools/toolchain.cmake dotnet publish src/DynamicToolset.Service -c Release -r "$rid" -v quiet -nologo \
  -p:StaticExecutable=true "-p:CppCompilerAndLinker=$tools/clang" "-p:SysRoot=$sysroot" "-p:PublishDir=$work/context/" \
  > "$work/publish.log" 2>&1 || { cat "$work/publish.log" >&2; exit 1; }
# The archive's and the layer's bytes have the mode of the file.
chmod 0755 "$work/context/dynamic-toolset"
rm -f "$work"/context/*.dbg

storage=(--root "$work/storage" --runroot "$work/run" --storage-driver vfs)
buildah "${storage[@]}" build --quiet --isolation chroot --format oci --timestamp "$SOURCE_DATE_EPOCH" --identity-label=false \
  --os linux --arch "$architecture" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
  --tag "dynamic-toolset:$version" --file Containerfile "$work/context" > /dev/null
buildah "${storage[@]}" push --quiet "dynamic-toolset:$version" "oci:$work/layout:dynamic-toolset:$version"
tar --create --file "$output.oci.tar" --directory "$work/layout" --sort=name --format=ustar --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 \
  --numeric-owner --mode=u=rw,go=r,a+X blobs index.json oci-layout
digest=$(sed -E 's/.*"digest":"(sha256:[0-9a-f]+)".*/\1/' "$work/layout/index.json")

dotnet msbuild -restore -nologo -verbosity:quiet eng/sbom
artifacts/bin/DynamicToolset.Sbom/debug/DynamicToolset.Sbom \
  "compiler=$native/dynamic-toolset.ilc.rsp" "archives=artifacts/bin/DynamicToolset.Service/static_$rid/archives.tsv" "system=$sysroot/owners.tsv" \
  "executable=$work/context/dynamic-toolset" "version=$version" "revision=$revision" "digest=$digest" "architecture=$architecture" \
  "built=$SOURCE_DATE_EPOCH" "license=LICENSE" "sbom=$output.cdx.json" "notices=$output.notices.txt"
(cd artifacts/image && sha256sum "$(basename "$output")".* > "$output.sha256")
ls -l "$output".*
echo "dynamic-toolset:$version $digest"
