#!/usr/bin/env bash
# Makes a folder with what Debian 12 has to link a static executable of an architecture with: the C library, the compiler's start-up code, OpenSSL.
# The newest there is, security updates included, whatever this machine has installed. owners.tsv in it says for each file of which source package
# and version it is, and for each package where its copyright file lies.
#
# usage: eng/image/sysroot.sh ARCHITECTURE FOLDER
#   ARCHITECTURE as Debian calls it: amd64, arm64. A folder that is there already stays as it is; `make clean` removes it.
set -euo pipefail
architecture=$1 folder=$2
[[ ! -e $folder/owners.tsv ]] || exit 0

sources=/etc/apt/sources.list.d/debian.sources
[[ -f $sources ]] && grep -q '^VERSION_ID="12"' /etc/os-release || { echo "The image is linked with packages of Debian 12: build it there." >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists,cache/archives,state}/partial "$work"/{debs,root}
cp "$sources" "$work/image.sources"
touch "$work/state/status"
# By lists of our own: what the system knows, and which architectures it has, stays as it is.
apt() {
  apt-get -qq -o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture" -o "Dir::Etc::SourceList=$work/image.sources" \
    -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/state/status" -o "Dir::Cache=$work/cache" \
    -o "APT::Sandbox::User=$(id -un)" "$@" >&2
}
apt update
(cd "$work/debs" && apt download libc6-dev linux-libc-dev gcc-12-base libgcc-12-dev libssl-dev)

ln -s usr/lib "$work/root/lib"
# gcc-12-base is there for its copyright file, to which libgcc-12-dev has a link.
for package in "$work"/debs/*.deb; do
  # Without the entry of the folder /lib: here it is a link.
  dpkg-deb --fsys-tarfile "$package" | tar --extract --directory="$work/root" --keep-directory-symlink
  name=$(dpkg-deb --showformat='${Package}' --show "$package")
  source=$(dpkg-deb --showformat='${source:Package}\t${source:Version}' --show "$package")
  dpkg-deb --fsys-tarfile "$package" | tar --list | sed -n 's|^\./lib/|./usr/lib/|; s|^\./||; /\.[ao]$/p' \
    | awk -v root="$folder" -v rest="$source" -v name="$name" '{
        all = rest "\t" root "/usr/share/doc/" name "/copyright"
        print root "/" $0 "\t" all
        # The linker may come by the link.
        print root "/" substr($0, 5) "\t" all
      }' >> "$work/owners.tsv"
done
mkdir -p "$(dirname "$folder")"
rm -rf "$folder"
mv "$work/root" "$folder"
# Last: an interrupted one must not be taken for whole.
mv "$work/owners.tsv" "$folder/owners.tsv"
