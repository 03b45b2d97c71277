#!/usr/bin/env bash
# Makes build/hubble-adx.tar.gz, what `kubectl apply -k` needs: the manifests with the module and its objects in them, and the
# name of the published images in place of OWNER. build/images.txt has their tags and digests, as build:images prints them.
#
#   .github/archive.sh ghcr.io/owner/repository
set -euo pipefail
cd "$(dirname "$0")/.."

image=${1:?the name of the images}
components=fluent-bit/kubernetes
for file in "$components"/base/hubble-adx.wasm "$components"/aot/hubble-adx.{x86_64,aarch64}.aot; do
  [[ -s "$file" ]] || { echo "$file is missing: npm run build:wasm, npm run build:aot" >&2; exit 1; }
done

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cp -r fluent-bit adx cilium docs "$folder"
version=$(node -p 'require("./package.json").version')
named() { awk -v image="$image" -v tag="$1" '$1 == tag { print image ":" tag "@" $2 }' build/images.txt; }
module=$(named "$version")
aot=$(named "$version-aot")
[[ -n "$module" && -n "$aot" ]] || { echo "build/images.txt lacks an image of $version" >&2; exit 1; }
for file in image-volume/{volume,helm-values}.yaml init-container/pull.yaml; do
  file=$folder/$components/$file
  sed -i -e "s|: ghcr.io/OWNER/hubble-adx:$version\$|: $module|" -e "s|# $version-aot is|# $aot is|" "$file"
  for name in ": $module" "# $aot"; do
    grep -qF "$name" "$file" || { echo "$file names no image" >&2; exit 1; }
  done
done
tar -czf build/hubble-adx.tar.gz -C "$folder" fluent-bit adx cilium docs
