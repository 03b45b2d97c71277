#!/usr/bin/env bash
# Makes build/hubble-adx.tar.gz, what `kubectl apply -k` needs: the manifests with the module and its objects in them, and the
# name of the published image in place of OWNER.
#
#   .github/archive.sh ghcr.io/owner/repository sha256:…
set -euo pipefail
cd "$(dirname "$0")/.."

image=${1:?the name of the image}
digest=${2:?the digest of the image}
components=fluent-bit/kubernetes
for file in "$components"/base/hubble-adx.wasm "$components"/aot/hubble-adx.{x86_64,aarch64}.aot; do
  [[ -s "$file" ]] || { echo "$file is missing: npm run build:wasm, npm run build:aot" >&2; exit 1; }
done

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cp -r fluent-bit adx cilium docs "$folder"
version=$(node -p 'require("./package.json").version')
for file in image-volume/volume.yaml init-container/pull.yaml; do
  sed -i "s|: ghcr.io/OWNER/hubble-adx:$version\$|: $image:$version@$digest|" "$folder/$components/$file"
  grep -qF ": $image:$version@$digest" "$folder/$components/$file" || { echo "$file names no image" >&2; exit 1; }
done
tar -czf build/hubble-adx.tar.gz -C "$folder" fluent-bit adx cilium docs
