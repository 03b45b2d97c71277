#!/usr/bin/env bash
# Creates the table, mapping, policies and functions in a database that exists, and lets one identity send rows.
#
#   adx/deploy/az/setup.sh RESOURCE_GROUP CLUSTER DATABASE [INGESTOR_CLIENT_ID]
#
# With UPGRADE=1 the policies (retention, caching, batching) stay as they are. Needs the Azure CLI, logged in, and its
# extension kusto.
set -euo pipefail

if [ $# -lt 3 ] || [ $# -gt 4 ]; then
  echo "usage: $0 RESOURCE_GROUP CLUSTER DATABASE [INGESTOR_CLIENT_ID]" >&2
  exit 2
fi
group=$1 cluster=$2 database=$3 ingestor=${4:-}
kql=$(cd "$(dirname "$0")/../.." && pwd)

# A view that changes what it groups by stops the script: an upgrade comes to it last.
if [ "${UPGRADE:-}" = 1 ]; then
  files=(schema names functions detections alerts views)
else
  files=(schema views policies names functions detections alerts)
fi
script=$(for file in "${files[@]}"; do cat "$kql/$file.kql"; done)

# The service runs a script again only when its tag changes.
tag=$(printf '%s' "$script" | sha256sum | cut -c1-32)

az kusto script create --resource-group "$group" --cluster-name "$cluster" --database-name "$database" \
  --name hubble-adx --script-content "$script" --force-update-tag "$tag" --continue-on-errors false

if [ -n "$ingestor" ]; then
  az kusto database-principal-assignment create --resource-group "$group" --cluster-name "$cluster" \
    --database-name "$database" --principal-assignment-name hubble-adx-ingestor --principal-id "$ingestor" \
    --principal-type App --role Ingestor --tenant-id "$(az account show --query tenantId --output tsv)"
fi
