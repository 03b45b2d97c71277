import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { packageFile } from "../package-file.js";

export type Severity = "informational" | "low" | "medium" | "high";

/** An alert before it is put into the format of a product; `adx/alerts.yaml` says what each member means. */
export interface Alert {
  /** Its name in files and ids. */
  key: string;
  title: string;
  severity: Severity;
  /** Durations as KQL writes them: `15m`. */
  window: string;
  every: string;
  for: string;
  page: string;
  tile?: string;
  by: string[];
  tactics: string[];
  techniques: string[];
  says: string;
  about: string;
  wrong: string;
  silence: string;
  entities: { Source?: "host"; Target?: "address" | "domain" };
  query: string;
}

/** The text columns by which alerts can be told apart, in the order in which they are shown. */
export const IDENTITY = ["ClusterName", "Namespace", "Source", "Target"];

const FILE = "adx/alerts.yaml";
const severities = ["informational", "low", "medium", "high"];
const texts = ["title", "severity", "window", "every", "page", "says", "about", "wrong", "silence", "query"];
const others = ["for", "tile", "by", "tactics", "techniques", "entities"];
// What Azure Monitor takes for a rule's frequency and window; the other products take them too.
const durations = ["5m", "10m", "15m", "30m", "45m", "1h", "2h", "3h", "4h", "5h", "6h", "1d"];

/**
 * Reads `adx/alerts.yaml`.
 * @throws Error naming the file, the alert and what is wrong with it.
 */
export function loadAlerts(): Alert[] {
  return parseAlerts(readFileSync(packageFile(FILE), "utf8"));
}

/** As `loadAlerts`, of a text. */
export function parseAlerts(yaml: string): Alert[] {
  return Object.entries(parse(yaml) as Record<string, Partial<Alert>>).map(([key, members]) => {
    const problem = problemOf(key, members);
    if (problem !== undefined) throw new Error(`${FILE}: ${key}: ${problem}`);
    return { for: "0s", by: IDENTITY, tactics: [], techniques: [], entities: {}, ...members, key } as Alert;
  });
}

function problemOf(key: string, members: Partial<Alert>): string | undefined {
  const values = members as Record<string, unknown>;
  const missing = texts.find((name) => typeof values[name] !== "string");
  const unknown = Object.keys(values).find((name) => !texts.includes(name) && !others.includes(name));
  const { severity, window, every, by = IDENTITY, says } = members;
  const foreign = by.find((column) => !IDENTITY.includes(column));
  const shown = [...(says ?? "").matchAll(/\{(\w+)\}/g)].map(([, column]) => column!);
  const strange = shown.find((column) => column !== "Flows" && !by.includes(column));
  if (!/^[a-z]+(-[a-z]+)*$/.test(key)) return "its name has to be lower-case words with hyphens";
  if (missing !== undefined) return `${missing} has to be a text`;
  if (unknown !== undefined) return `${unknown} is unknown`;
  if (!severities.includes(severity!)) return `severity has to be one of ${severities.join(", ")}`;
  if (!durations.includes(window!) || !durations.includes(every!))
    return `window and every have to be of ${durations.join(", ")}`;
  if (seconds(every!) > seconds(window!)) return "every has to be as long as window or shorter, or flows are missed";
  if (foreign !== undefined) return `by has to be of ${IDENTITY.join(", ")}, not ${foreign}`;
  if (strange !== undefined) return `says uses ${strange}, which is not in by`;
  if (shown.length > 2) return "says uses more than two columns; Sentinel takes three with the link";
  return undefined;
}

/** The stored function that gives an alert's rows: `HubbleAlertPortScan`. */
export function functionName({ key }: Alert): string {
  const words = key.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `HubbleAlert${words.join("")}`;
}

/** The alerts whose queries call nothing that the given KQL commands do not create. */
export function installable(alerts: Alert[], kql: string): Alert[] {
  const created = new Set([...kql.matchAll(/^(Hubble\w+)\(/gm)].map(([, name]) => name));
  return alerts.filter(({ query }) =>
    [...query.matchAll(/\b(Hubble\w+)\(/g)].every(([, called]) => created.has(called)),
  );
}

/** The seconds of a duration such as `15m`. */
export function seconds(duration: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration)!;
  return Number(count) * { s: 1, m: 60, h: 3600, d: 86400 }[unit as "s" | "m" | "h" | "d"];
}

/** A duration such as `15m` in ISO 8601: `PT15M`. */
export function isoDuration(duration: string): string {
  const upper = duration.toUpperCase();
  return upper.endsWith("D") ? `P${upper}` : `PT${upper}`;
}

/** What an alert means, what else causes it, and how to end it, as lines of text. */
export function explanation({ about, wrong, silence }: Alert): string[] {
  return [about, `What else causes it: ${wrong}`, `To silence it: ${silence}`];
}
