import { createFunction, kqlHeading, kqlString } from "../text/kql.js";
import { functionName, type Alert } from "./source.js";

/** The columns of every alert's function, behind `TimeGenerated` and `Alert`. */
const COLUMNS = [
  "FirstSeen",
  "LastSeen",
  "ClusterName",
  "Namespace",
  "Source = HubbleAlertText(Source)",
  "Target = HubbleAlertText(Target)",
  "Detail = HubbleAlertText(Detail)",
  "Flows",
];

// A DNS name is whatever somebody asks for.
const text = createFunction(
  "HubbleAlertText(value: string)",
  "A text out of flows as it goes into a mail or a chat: without control and direction characters and what HTML, Markdown and templates would take for theirs, 400 characters at most",
  String.raw`    replace_regex(substring(value, 0, 400), @"[\p{C}<>\[\](){}|*~!\\\x22\x27\x60]", "?")`,
);

/**
 * The text of `adx/alerts.kql`. The functions have no parameters, because Azure Monitor's `adx()` takes none that have
 * some.
 */
export function alertsKql(alerts: Alert[]): string {
  return [
    kqlHeading("adx/alerts.yaml", [
      "What there is to be called for, a row for each alert. Run after functions.kql; safe to run again.",
    ]),
    text,
    ...alerts.map(alertFunction),
    createFunction("HubbleAlerts()", "Everything that the alerts find now, by the name of the alert", union(alerts)),
  ]
    .join("\n\n")
    .concat("\n");
}

function alertFunction(alert: Alert): string {
  const body = [
    `let startTime = ago(${alert.window});`,
    "let endTime = now();",
    alert.query.trimEnd(),
    `| project TimeGenerated = endTime, Alert = ${kqlString(alert.key)}, ${COLUMNS.join(", ")}`,
  ];
  const lines = body.join("\n").split("\n");
  const indented = lines.map((line) => (line === "" ? line : `    ${line}`)).join("\n");
  return createFunction(`${functionName(alert)}()`, alert.about, indented);
}

function union(alerts: Alert[]): string {
  return `    union\n${alerts.map((alert) => `        (${functionName(alert)}())`).join(",\n")}`;
}
