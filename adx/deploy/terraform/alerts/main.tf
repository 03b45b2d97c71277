# Azure Monitor's alerts on what adx/alerts.kql finds, asked for by a managed identity that can read the database.
#
#   module "hubble_adx_alerts" {
#     source              = "./adx/deploy/terraform/alerts"
#     database_id         = azurerm_kusto_database.kubernetes.id
#     cluster_uri         = azurerm_kusto_cluster.flows.uri
#     workspace_id        = azurerm_log_analytics_workspace.alerts.id
#     resource_group_name = azurerm_resource_group.alerts.name
#     location            = azurerm_log_analytics_workspace.alerts.location
#     dashboard_id        = "…"
#     action_group_ids    = [azurerm_monitor_action_group.security.id]
#   }

# identity of the rules came with azurerm 3.98.0.
terraform {
  required_version = ">= 1.3"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 3.98.0"
    }
  }
}

locals {
  # /subscriptions/<0>/resourceGroups/<1>/providers/Microsoft.Kusto/clusters/<2>/databases/<3>
  id = regex("^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\\.Kusto/[cC]lusters/([^/]+)/[dD]atabases/([^/]+)$", var.database_id)
}

resource "azurerm_user_assigned_identity" "alerts" {
  name                = "hubble-adx-alerts"
  resource_group_name = var.resource_group_name
  location            = var.location
}

resource "azurerm_kusto_database_principal_assignment" "viewer" {
  name                = "hubble-adx-alerts"
  resource_group_name = local.id[1]
  cluster_name        = local.id[2]
  database_name       = local.id[3]
  principal_id        = azurerm_user_assigned_identity.alerts.client_id
  principal_type      = "App"
  role                = "Viewer"
  tenant_id           = azurerm_user_assigned_identity.alerts.tenant_id
}

resource "azurerm_role_assignment" "cluster" {
  scope                = regex("^(.*)/[dD]atabases/[^/]+$", var.database_id)[0]
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.alerts.principal_id
}

resource "azurerm_role_assignment" "workspace" {
  scope                = var.workspace_id
  role_definition_name = "Log Analytics Reader"
  principal_id         = azurerm_user_assigned_identity.alerts.principal_id
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "alert" {
  for_each = local.rules

  name                    = each.key
  resource_group_name     = var.resource_group_name
  location                = var.location
  display_name            = each.value.displayName
  description             = each.value.description
  severity                = each.value.severity
  enabled                 = !contains(var.disabled, each.key)
  scopes                  = [var.workspace_id]
  evaluation_frequency    = each.value.evaluationFrequency
  window_duration         = each.value.windowSize
  auto_mitigation_enabled = each.value.autoMitigate
  # The roles take effect some minutes after they are given.
  skip_query_validation = true

  dynamic "criteria" {
    for_each = each.value.criteria.allOf
    content {
      query                   = criteria.value.query
      time_aggregation_method = criteria.value.timeAggregation
      metric_measure_column   = criteria.value.metricMeasureColumn
      operator                = criteria.value.operator
      threshold               = criteria.value.threshold

      dynamic "dimension" {
        for_each = criteria.value.dimensions
        content {
          name     = dimension.value.name
          operator = dimension.value.operator
          values   = dimension.value.values
        }
      }

      failing_periods {
        number_of_evaluation_periods             = criteria.value.failingPeriods.numberOfEvaluationPeriods
        minimum_failing_periods_to_trigger_alert = criteria.value.failingPeriods.minFailingPeriodsToAlert
      }
    }
  }

  action {
    action_groups     = var.action_group_ids
    custom_properties = each.value.actions.customProperties
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.alerts.id]
  }

  depends_on = [
    azurerm_kusto_database_principal_assignment.viewer,
    azurerm_role_assignment.cluster,
    azurerm_role_assignment.workspace,
  ]
}
