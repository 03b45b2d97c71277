variable "database_id" {
  description = "Resource id of the Azure Data Explorer database."
  type        = string
}

variable "retention_days" {
  description = "Days that flows are kept."
  type        = number
  default     = 30

  validation {
    condition     = var.retention_days >= 1
    error_message = "retention_days must be 1 or more."
  }
}

variable "hot_cache_days" {
  description = "Days that stay in the hot cache."
  type        = number
  default     = 7

  validation {
    condition     = var.hot_cache_days >= 0
    error_message = "hot_cache_days must not be negative."
  }
}

variable "batching_seconds" {
  description = "Seconds after which a batch of rows is sealed."
  type        = number
  default     = 60

  validation {
    condition     = var.batching_seconds >= 10 && var.batching_seconds <= 1800 && floor(var.batching_seconds) == var.batching_seconds
    error_message = "batching_seconds must be a whole number between 10 and 1800."
  }
}

variable "ingestor_id" {
  description = "Client id of the identity with which Fluent Bit sends rows; null to give the role yourself."
  type        = string
  default     = null
}

variable "tenant_id" {
  description = "Tenant of that identity; null for the tenant Terraform runs in."
  type        = string
  default     = null
}
