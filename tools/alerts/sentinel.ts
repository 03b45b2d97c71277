import { stringify } from "yaml";
import { adxPageId } from "../dashboard/adx.js";
import { kqlString } from "../text/kql.js";
import { namedUuid } from "../named-uuid.js";
import { DASHBOARD } from "./azure-monitor.js";
import { explanation, IDENTITY, isoDuration, seconds, type Alert } from "./source.js";

/** The workspace's table into which the rows of `HubbleAlerts()` are sent. */
export const TABLE = "HubbleAlerts_CL";

const VERSION = "1.0.0";
const GROUPING = "5h";
const HEADING = `# Generated from adx/alerts.yaml by "npm run generate"; do not edit.\n`;
// An address alone or with a port behind it, and no network.
const ADDRESS = String.raw`@"^(\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:]+:[0-9a-fA-F.]*)(?: |$)"`;

/**
 * Microsoft Sentinel's analytics rules in the form of its public repository. Analytics rules cannot ask Azure Data Explorer,
 * so they read what it found out of a table of the workspace.
 * @returns file contents by path from the package's root.
 */
export function sentinelRules(alerts: Alert[]): Map<string, string> {
  return new Map(
    alerts.map((alert) => [
      `adx/alerts/sentinel/${alert.key}.yaml`,
      HEADING + stringify(ruleOf(alert), { lineWidth: 0 }),
    ]),
  );
}

/** The same rules as resources, `Microsoft.SecurityInsights/alertRules`, but for what a deployment adds. */
export function sentinelResources(alerts: Alert[]): { name: string; properties: object }[] {
  return alerts.map((alert) => {
    const { name, severity, description, tactics, relevantTechniques, query, incidentConfiguration, ...rule } =
      ruleOf(alert);
    const { groupingConfiguration: grouping } = incidentConfiguration;
    return {
      name: rule.id,
      properties: {
        displayName: name,
        description,
        severity,
        query,
        queryFrequency: isoDuration(alert.every),
        queryPeriod: isoDuration(rule.queryPeriod),
        triggerOperator: "GreaterThan",
        triggerThreshold: rule.triggerThreshold,
        suppressionEnabled: false,
        suppressionDuration: isoDuration(GROUPING),
        tactics,
        techniques: relevantTechniques,
        ...(rule.entityMappings && { entityMappings: rule.entityMappings }),
        customDetails: rule.customDetails,
        alertDetailsOverride: rule.alertDetailsOverride,
        eventGroupingSettings: rule.eventGroupingSettings,
        incidentConfiguration: {
          ...incidentConfiguration,
          groupingConfiguration: { ...grouping, lookbackDuration: isoDuration(GROUPING) },
        },
      },
    };
  });
}

/** A rule in the order of the repository's files. */
function ruleOf(alert: Alert) {
  const says = alert.says.replaceAll(/\{(\w+)\}/g, "{{$1}}");
  const entities = entityMappings(alert);
  return {
    id: namedUuid(`sentinel ${alert.key}`),
    name: `Hubble: ${alert.title}`,
    description: explanation(alert).join("\n"),
    severity: alert.severity.charAt(0).toUpperCase() + alert.severity.slice(1),
    status: "Available",
    requiredDataConnectors: [],
    queryFrequency: alert.every,
    queryPeriod: period(alert),
    triggerOperator: "gt",
    triggerThreshold: 0,
    tactics: alert.tactics,
    relevantTechniques: alert.techniques,
    query: query(alert),
    ...(entities.length > 0 && { entityMappings: entities }),
    customDetails: Object.fromEntries(
      [...IDENTITY, "Detail", "Flows", "FirstSeen", "LastSeen"].map((name) => [name, name]),
    ),
    alertDetailsOverride: {
      alertDisplayNameFormat: `Hubble: ${says}`,
      alertDescriptionFormat: [`${says}.`, ...explanation(alert), "Where to look: {{Dashboard}}"].join("\n"),
    },
    eventGroupingSettings: { aggregationKind: "AlertPerResult" },
    incidentConfiguration: {
      createIncident: true,
      // What goes on is one incident.
      groupingConfiguration: {
        enabled: true,
        reopenClosedIncident: false,
        lookbackDuration: GROUPING,
        matchingMethod: entities.length > 0 ? "AllEntities" : "AnyAlert",
      },
    },
    version: VERSION,
    kind: "Scheduled",
  };
}

/** How far a rule looks back for rows that arrived since it last ran: longer, since rows take minutes to arrive. */
function period({ every }: Alert): string {
  return seconds(every) < 3600 ? "1h" : "1d";
}

/** A row for each alert that arrived since the rule last ran; the table has one for each time that it was found. */
function query({ key, every, by, page, entities }: Alert): string {
  const rest = IDENTITY.filter((column) => !by.includes(column)).map((column) => `${column} = take_any(${column})`);
  const link = [
    kqlString(`${DASHBOARD}?p-_startTime=`),
    "tostring(FirstSeen - 5m)",
    kqlString("&p-_endTime="),
    "tostring(LastSeen + 5m)",
    kqlString("&p-_cluster=v-"),
    "url_encode_component(ClusterName)",
    `iff(isempty(Namespace), "", strcat("&p-_namespace=v-", url_encode_component(Namespace)))`,
    kqlString(`#${adxPageId(page)}`),
  ];
  return [
    TABLE,
    `| where Alert == ${kqlString(key)}`,
    `| where ingestion_time() > ago(${every})`,
    "| summarize",
    `    ${["FirstSeen = min(FirstSeen)", "LastSeen = max(LastSeen)", "Flows = max(Flows)", ...rest, "Detail = take_any(Detail)"].join(", ")}`,
    `    by ${by.join(", ")}`,
    ...(entities.Target === "address" ? [`| extend TargetAddress = extract(${ADDRESS}, 1, Target)`] : []),
    `| extend Dashboard = strcat(\n    ${link.join(",\n    ")})`,
    "",
  ].join("\n");
}

function entityMappings({ entities }: Alert): object[] {
  const mapping = (entityType: string, identifier: string, columnName: string) => ({
    entityType,
    fieldMappings: [{ identifier, columnName }],
  });
  return [
    ...(entities.Source === "host" ? [mapping("Host", "HostName", "Source")] : []),
    ...(entities.Target === "address" ? [mapping("IP", "Address", "TargetAddress")] : []),
    ...(entities.Target === "domain" ? [mapping("DNS", "DomainName", "Target")] : []),
  ];
}
