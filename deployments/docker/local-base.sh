#!/bin/bash
# Makes the two images that our Dockerfile stands on, from package registries alone, where no image can be pulled:
#   aetherius/build-base:local   Debian, Node and npm, to build in
#   aetherius/base:local         Node and the libraries that it loads, nothing else: no shell, no package manager
# Usage: local-base.sh [NODE]      (the file of a Node 24 for Linux; the one of node_modules by default)
# Needs root, debootstrap and a running Docker engine. Both trust the certificate authorities that this machine trusts.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
# Not from the variable NODE: npm sets that to the Node that it runs on itself.
node=${1:-$top/node_modules/node/bin/node}
docker=${DOCKER:-docker}
suite=bookworm
[ -x "$node" ] || { echo "there is no Node at $node: name the file of a Node 24 for Linux" >&2; exit 1; }
version=$("$node" --version)
case $version in
  v2[4-9].* | v[3-9][0-9].*) ;;
  *) echo "$node is Node $version; the images need 24 or newer: name the file of one, or run \"npm ci\" to get it" >&2; exit 1 ;;
esac
for tool in debootstrap chroot tar ldd npm "$docker"; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo 'debootstrap needs root' >&2; exit 1; }

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
authorities=/etc/ssl/certs/ca-certificates.crt
trust=/usr/local/share/trusted.crt
import() { # FOLDER NAME CHANGE…
  local folder=$1 name=$2; shift 2
  tar -C "$folder" --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -c . | "$docker" import "${@/#/--change=}" - "$name" >/dev/null
  echo "$name $("$docker" image inspect --format '{{.Size}}' "$name" | awk '{ printf "%.0f MB", $1 / 1e6 }')"
}

build=$work/build
debootstrap --variant=minbase --include=ca-certificates "$suite" "$build" http://deb.debian.org/debian >"$work/debootstrap.log" 2>&1 \
  || { tail -n 5 "$work/debootstrap.log" >&2; exit 1; }
rm -rf "$build"/var/cache/apt/archives/*.deb "$build"/var/lib/apt/lists/* "$build"/var/log/*
install -D "$node" "$build/usr/local/bin/node"
npm_home=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$build/usr/local/lib/node_modules"
cp -rL "$npm_home" "$build/usr/local/lib/node_modules/npm"
for name in npm npx; do ln -s "../lib/node_modules/npm/bin/$name-cli.js" "$build/usr/local/bin/$name"; done

base=$work/base
mkdir -p "$base/etc" "$base/tmp"; chmod 1777 "$base/tmp"
for folder in "$build" "$base"; do
  install -D "$node" "$folder/usr/local/bin/node"
  [ ! -e "$authorities" ] || install -D -m 644 "$authorities" "$folder$trust"
  # Debian's own libraries are in the build image already, but for the C++ ones.
  ldd "$node" | grep -o '/[^ ]*' | while read -r library; do
    [ -e "$folder$library" ] || install -D "$(readlink -f "$library")" "$folder$library"
  done
done
printf 'root:x:0:0:root:/:/nonexistent\naetherius:x:10001:10001:aetherius:/nonexistent:/nonexistent\n' >"$base/etc/passwd"
printf 'root:x:0:\naetherius:x:10001:\n' >"$base/etc/group"
printf 'hosts: files dns\n' >"$base/etc/nsswitch.conf"

path=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
label="LABEL io.aetherius.node=$version"
import "$build" aetherius/build-base:local "$label" "ENV $path NODE_EXTRA_CA_CERTS=$trust" 'CMD ["node"]'
import "$base" aetherius/base:local "$label" "ENV PATH=/usr/local/bin" 'CMD ["node"]'
