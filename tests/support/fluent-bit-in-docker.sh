#!/usr/bin/env bash
# Runs the Fluent Bit of a public image as if it were installed here: FLUENT_BIT_VERSION names the image's tag. The
# repository and the folder for temporary files have the same paths inside, and files belong to the same user.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
temporary=${TMPDIR:-/tmp}

exec docker run --rm --init --network none \
  --user "$(id -u):$(id -g)" \
  --volume "$repository:$repository:ro" \
  --volume "$temporary:$temporary" \
  --workdir "$PWD" \
  --entrypoint /fluent-bit/bin/fluent-bit \
  "fluent/fluent-bit:${FLUENT_BIT_VERSION:?names the tag of the image}" "$@"
