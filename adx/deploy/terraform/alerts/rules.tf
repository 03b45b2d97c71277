# The rules with the cluster, the database and the dashboard in place of their placeholders.
locals {
  database_name = regex("[^/]+$", var.database_id)

  rules = {
    for rule in jsondecode(replace(
      replace(
        file("${path.module}/alerts.json"),
        "https://CLUSTER.REGION.kusto.windows.net/DATABASE",
        "${trimsuffix(var.cluster_uri, "/")}/${local.database_name}",
      ),
      "DASHBOARD_ID",
      var.dashboard_id,
    )) : rule.name => rule.properties
  }
}
