variable "database_id" {
  description = "Resource id of the Azure Data Explorer database."
  type        = string
}

variable "cluster_uri" {
  description = "URI of its cluster: https://mycluster.westeurope.kusto.windows.net."
  type        = string

  validation {
    condition     = can(regex("^https://[A-Za-z0-9.-]+/?$", var.cluster_uri))
    error_message = "cluster_uri must be https:// and a host, without a path."
  }
}

variable "workspace_id" {
  description = "Resource id of a Log Analytics workspace. The rules live in it; it needs no data."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the rules and of their identity."
  type        = string
}

variable "location" {
  description = "Region of the workspace."
  type        = string
}

variable "dashboard_id" {
  description = "Id of the imported dashboard: what follows /dashboards/ in its address."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z-]+$", var.dashboard_id))
    error_message = "dashboard_id must be letters, digits and hyphens: what follows /dashboards/ in the dashboard's address."
  }
}

variable "action_group_ids" {
  description = "Resource ids of the action groups to call."
  type        = list(string)
  default     = []
}

variable "disabled" {
  description = "Names of rules that are not to run, as alerts.json has them."
  type        = list(string)
  default     = []
}
