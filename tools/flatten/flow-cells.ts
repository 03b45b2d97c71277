import type { Row } from "./flatten-log.js";
import { lineKey } from "./columns.js";
import { readRow, type RowValue } from "./row-values.js";

/** What a person wants to know of a flow, gathered from its columns; a part that the row lacks is "". */
export interface FlowCells {
  /** `2025-01-23 07:59:23.501`, UTC. */
  time: string;
  verdict: string;
  /** What was seen, in the Hubble CLI's words: `drop`, `to-endpoint`, `policy-verdict`, `dns-request`, … */
  event: string;
  direction: string;
  source: Endpoint;
  destination: Endpoint;
  protocol: string;
  dropReason: string;
  policy: string;
  summary: string;
}

export interface Endpoint {
  name: string;
  port: string;
  /** Whether it is the side that was asked, so that its port says what for. */
  isServer: boolean;
}

export type Values = Map<string, RowValue>;

/** Cells for any row that the filter returns, also those that are not flows. */
export function flowCells(row: Row): FlowCells {
  const values = readRow(row.json);
  const isReply = text(values, "Reply") === "true";
  const code = text(values, "DropReasonCode");
  return {
    time: timeOf(values, row),
    verdict: row.kind === "unreadable" ? "UNREADABLE" : text(values, "Verdict"),
    event: eventOf(values),
    direction: text(values, "TrafficDirection"),
    source: { name: nameOf(values, "Source"), port: text(values, "SourcePort"), isServer: isReply },
    destination: { name: nameOf(values, "Destination"), port: text(values, "DestinationPort"), isServer: !isReply },
    protocol: protocolOf(values),
    dropReason: text(values, "DropReason") || (code && `reason ${code}`),
    policy: joined([text(values, "PolicyNamespace"), text(values, "PolicyName")], "/"),
    summary: summaryOf(values, row),
  };
}

/** A column's value as a person reads it; "" where the row has none. */
export function text(values: Values, column: string): string {
  return values.get(column)?.text ?? "";
}

function joined(parts: string[], separator: string): string {
  return parts.filter((part) => part !== "").join(separator);
}

function timeOf(values: Values, { time }: Row): string {
  const written = text(values, "TimeGenerated");
  const date = new Date(written === "" ? time.seconds * 1000 + time.nanoseconds / 1e6 : written);
  return Number.isNaN(date.getTime()) ? written : date.toISOString().slice(0, -1).replace("T", " ");
}

/** The pod, else the service, else the DNS name, else the address with what Cilium reserves it for. */
export function nameOf(values: Values, side: "Source" | "Destination"): string {
  const pod = text(values, `${side}PodName`);
  if (pod) return joined([text(values, `${side}Namespace`), pod], "/");
  const service = text(values, `${side}ServiceName`);
  if (service) return joined([text(values, `${side}ServiceNamespace`), service], "/");
  const [dnsName] = strings(values, `${side}Names`);
  if (dnsName) return dnsName;
  const ip = text(values, `${side}IP`);
  const address = ip.includes(":") && text(values, `${side}Port`) ? `[${ip}]` : ip;
  const reserved = strings(values, `${side}Labels`)
    .filter((label) => label.startsWith("reserved:"))
    .map((label) => label.slice("reserved:".length))
    .filter((name) => name !== "unknown" && name !== "unmanaged" && !name.startsWith("world"));
  const role = reserved.at(-1);
  return role ? joined([role, address], " ") : address;
}

/** The same, with the address behind a DNS name: what was reached, whatever it was asked for as. */
export function addressOf(values: Values, side: "Source" | "Destination"): string {
  const name = nameOf(values, side);
  const ip = text(values, `${side}IP`);
  return ip !== "" && strings(values, `${side}Names`)[0] === name ? `${name} (${ip})` : name;
}

function strings(values: Values, column: string): string[] {
  const value = values.get(column);
  if (value?.type !== "array") return [];
  return (JSON.parse(value.json) as unknown[]).filter((item) => typeof item === "string");
}

function protocolOf(values: Values): string {
  if (values.has("HTTPMethod") || values.has("HTTPURL") || values.has("HTTPCode")) return "HTTP";
  if (values.has("DNSQuery") || values.has("DNSQueryTypes")) return "DNS";
  if (values.has("Kafka")) return "Kafka";
  return text(values, "L4Protocol");
}

/** Numbers of Cilium's monitor events (pkg/monitor/api). */
const eventNames: Record<string, string> = {
  "1": "drop",
  "2": "debug",
  "3": "capture",
  "4": "trace",
  "5": "policy-verdict",
  "7": "sock",
  "129": "l7",
};

function eventOf(values: Values): string {
  const exportEvent = text(values, "ExportEvent");
  if (exportEvent) return exportEvent;
  const type = text(values, "EventType");
  const name = eventNames[type] ?? (type && `event ${type}`);
  if (name === "trace") return dashed(text(values, "TraceObservationPoint")) || name;
  if (name === "sock") return sockEventOf(text(values, "SockXlatePoint")) || name;
  if (name === "capture") return dashed(text(values, "DebugCapturePoint")) || name;
  if (name === "l7") return joined([protocolOf(values).toLowerCase(), dashed(text(values, "L7Type"))], "-");
  return name;
}

/** `SOCK_XLATE_POINT_PRE_DIRECTION_FWD` gives `pre-xlate-fwd`. */
function sockEventOf(point: string): string {
  return dashed(point.replace("SOCK_XLATE_POINT_", "").replace("DIRECTION", "XLATE"));
}

function dashed(constant: string): string {
  return constant.toLowerCase().replaceAll("_", "-");
}

const rawMessageCharacters = 200;

function summaryOf(values: Values, row: Row): string {
  if (row.kind === "kept") return values.get(lineKey)?.text ?? row.json;
  if (row.kind === "unreadable") {
    const raw = text(values, "RawMessage");
    const start = raw.length > rawMessageCharacters ? `${raw.slice(0, rawMessageCharacters)}…` : raw;
    return joined([text(values, "ParseError"), start], ": ");
  }
  if (row.kind === "exportEvent") return eventFields(values);
  const written = text(values, "Summary");
  if (written) return written;
  const flags = text(values, "TCPFlags");
  return (
    joined(
      ["HTTPCode", "HTTPMethod", "HTTPURL"].map((column) => text(values, column)),
      " ",
    ) ||
    text(values, "DNSQuery") ||
    (flags && `TCP Flags: ${flags}`)
  );
}

/** `num_events_lost=12 source=PERF_EVENT_RING_BUFFER`, the event's own name left out. */
function eventFields(values: Values): string {
  const additional = values.get("AdditionalFields");
  if (additional?.type !== "object") return "";
  const prefix = `${text(values, "ExportEvent")}.`;
  return [...readRow(additional.json)]
    .map(([path, value]) => `${path.startsWith(prefix) ? path.slice(prefix.length) : path}=${value.text}`)
    .join(" ");
}
