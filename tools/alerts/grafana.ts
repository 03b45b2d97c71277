import { stringify } from "yaml";
import { grafanaPanelId, grafanaUid } from "../dashboard/grafana.js";
import type { DashboardSource } from "../dashboard/source.js";
import { explanation, functionName, seconds, type Alert } from "./source.js";

const HEADING = `# Generated from adx/alerts.yaml by "npm run generate"; do not edit.
# Grafana's alert provisioning: put it into provisioning/alerting, with the uid of the Azure Data Explorer data source in
# Grafana's environment as HUBBLE_ADX_DATASOURCE. The database is that data source's default.
`;

/** The labels by which a link sets the dashboard's filters: label → variable. */
const filters = { ClusterName: "cluster", Namespace: "namespace" };

/**
 * The text of `adx/alerts/grafana.yaml`. Rows of a table with one number are instances of an alert, the texts their
 * labels; no row is no alert.
 */
export function grafanaAlerts(alerts: Alert[], dashboard: DashboardSource): string {
  const groups = [...new Set(alerts.map(({ every }) => every))].map((every) => ({
    orgId: 1,
    name: `hubble-adx every ${every}`,
    folder: "Cilium Hubble flows",
    interval: every,
    rules: alerts.filter((alert) => alert.every === every).map((alert) => rule(alert, dashboard)),
  }));
  return HEADING + stringify({ apiVersion: 1, groups }, { lineWidth: 0 });
}

function rule(alert: Alert, { pages }: DashboardSource): object {
  const page = pages.find(({ key }) => key === alert.page);
  const isOnPanel = page !== undefined && alert.tile !== undefined;
  return {
    uid: `hubble-adx-${alert.key}`,
    title: alert.title,
    condition: "B",
    data: [query(alert), threshold()],
    ...(isOnPanel && { dashboardUid: grafanaUid(page.key), panelId: grafanaPanelId(page, alert.tile!) }),
    noDataState: "OK",
    execErrState: "Error",
    for: alert.for,
    annotations: {
      summary: alert.says.replaceAll(/\{(\w+)\}/g, (_, column: string) =>
        column === "Flows" ? `{{ printf "%.0f" $values.A.Value }}` : `{{ $labels.${column} }}`,
      ),
      description: explanation(alert).join("\n"),
      dashboard: link(alert),
    },
    labels: { severity: alert.severity, product: "hubble-adx" },
    isPaused: false,
  };
}

/** The page with the alert's time, an hour at least, and its cluster and namespace. */
function link({ page, window, by }: Alert): string {
  const range = `?from=now-${seconds(window) < 3600 ? "1h" : window}&to=now`;
  const chosen = Object.entries(filters)
    .filter(([label]) => by.includes(label))
    .map(([label, variable]) => `{{ with $labels.${label} }}&var-${variable}={{ . | urlquery }}{{ end }}`);
  return `{{ externalURL | reReplaceAll "/$" "" }}/d/${grafanaUid(page)}${range}${chosen.join("")}`;
}

function query(alert: Alert): object {
  return {
    refId: "A",
    queryType: "KQL",
    relativeTimeRange: { from: seconds(alert.window), to: 0 },
    datasourceUid: "$HUBBLE_ADX_DATASOURCE",
    model: {
      refId: "A",
      database: "",
      query: `${functionName(alert)}()\n| summarize Flows = sum(Flows) by ${alert.by.join(", ")}`,
      querySource: "raw",
      queryType: "KQL",
      rawMode: true,
      resultFormat: "table",
    },
  };
}

function threshold(): object {
  return {
    refId: "B",
    relativeTimeRange: { from: 0, to: 0 },
    datasourceUid: "__expr__",
    model: {
      refId: "B",
      type: "threshold",
      datasource: { type: "__expr__", uid: "__expr__" },
      expression: "A",
      conditions: [{ evaluator: { type: "gt", params: [0] } }],
    },
  };
}
