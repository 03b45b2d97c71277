import { adxPageId, PLACEHOLDER } from "../dashboard/adx.js";
import { explanation, functionName, isoDuration, type Alert, type Severity } from "./source.js";

const severities: Record<Severity, number> = { high: 1, medium: 2, low: 3, informational: 4 };

/** The dashboard of Azure Data Explorer, whose id is known only once it is imported. */
export const DASHBOARD = "https://dataexplorer.azure.com/dashboards/DASHBOARD_ID";

/** The parameters of the dashboard that a link sets: column → variable. */
const filters = { ClusterName: "_cluster", Namespace: "_namespace" };

/** A rule as `Microsoft.Insights/scheduledQueryRules` has it, but for what a deployment adds. */
export interface ScheduledQueryRule {
  name: string;
  properties: {
    displayName: string;
    description: string;
    severity: number;
    evaluationFrequency: string;
    windowSize: string;
    autoMitigate: boolean;
    criteria: { allOf: [Condition] };
    actions: { customProperties: Record<string, string> };
  };
}

interface Condition {
  query: string;
  timeAggregation: "Total";
  metricMeasureColumn: string;
  operator: "GreaterThan";
  threshold: number;
  dimensions: { name: string; operator: "Include"; values: string[] }[];
  failingPeriods: { numberOfEvaluationPeriods: number; minFailingPeriodsToAlert: number };
}

/**
 * The rules that Bicep and Terraform deploy. Cluster, database and dashboard are placeholders, which they replace in the
 * text.
 */
export function scheduledQueryRules(alerts: Alert[]): ScheduledQueryRule[] {
  return alerts.map((alert) => ({
    name: `hubble-adx-${alert.key}`,
    properties: {
      displayName: `Hubble: ${alert.title}`,
      // Of the two links only this one is in a mail.
      description: [...explanation(alert), `Where to look: ${dashboardLink(alert, "24hours", "now")}`].join("\n"),
      severity: severities[alert.severity],
      evaluationFrequency: isoDuration(alert.every),
      windowSize: isoDuration(alert.window),
      autoMitigate: true,
      criteria: { allOf: [condition(alert)] },
      actions: { customProperties: { What: happened(alert), Dashboard: filteredLink(alert) } },
    },
  }));
}

function condition(alert: Alert): Condition {
  return {
    // The time is the query's own: rows of adx() are not filtered by the rule's window.
    query: [
      `adx('${PLACEHOLDER.clusterUri}/${PLACEHOLDER.database}').${functionName(alert)}()`,
      `| where TimeGenerated > ago(${alert.window})`,
    ].join("\n"),
    timeAggregation: "Total",
    metricMeasureColumn: "Flows",
    operator: "GreaterThan",
    threshold: 0,
    dimensions: alert.by.map((name) => ({ name, operator: "Include", values: ["*"] })),
    // A function gives no rows of earlier windows, so it cannot be asked for more than one.
    failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
  };
}

/** A link to an alert's page of the dashboard, with values of its parameters as text or as an expression in text. */
function dashboardLink(
  { page }: Alert,
  from: string,
  to: string,
  chosen: { variable: string; value: string }[] = [],
): string {
  const parameters = chosen.map(({ variable, value }) => `&p-${variable}=v-${value}`).join("");
  return `${DASHBOARD}?p-_startTime=${from}&p-_endTime=${to}${parameters}#${adxPageId(page)}`;
}

// Azure Monitor puts these values in when a rule fires.
const CONDITION = "data.alertContext.condition";

/** The value of a column of what fired: a dimension, or the number. */
function firedValue({ by }: Alert, column: string): string {
  const member = column === "Flows" ? "metricValue" : `dimensions[${by.indexOf(column)}].value`;
  return `\${${CONDITION}.allOf[0].${member}}`;
}

function happened(alert: Alert): string {
  return alert.says.replaceAll(/\{(\w+)\}/g, (_, column: string) => firedValue(alert, column));
}

/** A link with the window, the cluster and the namespace of what fired. */
function filteredLink(alert: Alert): string {
  const chosen = Object.entries(filters)
    .filter(([column]) => alert.by.includes(column))
    .map(([column, variable]) => ({ variable, value: firedValue(alert, column) }));
  return dashboardLink(alert, `\${${CONDITION}.windowStartTime}`, `\${${CONDITION}.windowEndTime}`, chosen);
}
