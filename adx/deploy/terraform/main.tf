# Creates the table, mapping, policies and functions in a database that exists, and lets one identity send rows.
#
#   module "hubble_adx" {
#     source      = "./adx/deploy/terraform"
#     database_id = azurerm_kusto_database.kubernetes.id
#     ingestor_id = azurerm_user_assigned_identity.fluent_bit.client_id
#   }

# script_content came with azurerm 3.14.0.
terraform {
  required_version = ">= 1.3"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 3.14.0"
    }
  }
}

data "azurerm_client_config" "current" {}

locals {
  # /subscriptions/<0>/resourceGroups/<1>/providers/Microsoft.Kusto/clusters/<2>/databases/<3>
  id = regex("^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\\.Kusto/[cC]lusters/([^/]+)/[dD]atabases/([^/]+)$", var.database_id)

  batching = jsonencode({
    MaximumBatchingTimeSpan = format("00:%02d:%02d", floor(var.batching_seconds / 60), var.batching_seconds % 60)
    MaximumNumberOfItems    = 2000
    MaximumRawDataSizeMB    = 100
  })

  policies = <<-KQL
    .alter-merge table HubbleFlows policy ingestionbatching @'${local.batching}'
    .alter-merge table HubbleFlows policy retention softdelete = ${var.retention_days}d recoverability = enabled
    .alter table HubbleFlows policy caching hot = ${var.hot_cache_days}d
    .alter-merge materialized-view HubbleFlowsByFiveMinutes policy retention softdelete = ${var.retention_days}d recoverability = enabled
    .alter materialized-view HubbleFlowsByFiveMinutes policy caching hot = ${var.hot_cache_days}d
  KQL
}

resource "azurerm_kusto_script" "hubble_adx" {
  name                               = "hubble-adx"
  database_id                        = var.database_id
  continue_on_errors_enabled         = false
  force_an_update_when_value_changed = sha256(local.script)
  script_content                     = local.script
}

locals {
  script = join("\n", [
    file("${path.module}/database.kql"),
    local.policies,
  ])
}

resource "azurerm_kusto_database_principal_assignment" "ingestor" {
  count = var.ingestor_id == null ? 0 : 1

  name                = "hubble-adx-ingestor"
  resource_group_name = local.id[1]
  cluster_name        = local.id[2]
  database_name       = local.id[3]
  principal_id        = var.ingestor_id
  principal_type      = "App"
  role                = "Ingestor"
  tenant_id           = coalesce(var.tenant_id, data.azurerm_client_config.current.tenant_id)
}
