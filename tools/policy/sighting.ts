import { endOf, type End } from "./end.js";
import { number, text, type ObservedRow } from "./row.js";

export type Direction = "egress" | "ingress";

/** What a rule can say of the packets: a protocol with a port, an ICMP type, or a protocol that has neither. */
export interface Service {
  /** As Hubble names it: TCP, UDP, SCTP, ICMPv4, ICMPv6, VRRP, IGMP. */
  protocol: string;
  port?: number;
  icmpType?: number;
}

/**
 * What became of a request where it was seen.
 * - `passed`: a policy, or the lack of one, let it through; `arrived`: seen in front of the policy.
 * - `missing`: no rule allows it; `forbidden`: a deny rule forbids it; `refused`: the L7 proxy did.
 */
export type Outcome = "passed" | "arrived" | "missing" | "forbidden" | "refused";

/** An HTTP request, its URL taken apart. */
export interface HttpRequest {
  method: string;
  /** Empty where the URL has none. */
  host: string;
  path: string;
  /** With its question mark; empty without one. */
  query: string;
}

/** A request that was seen: one flow, or a row of HubbleEdges, which stands for many. */
export interface Sighting {
  source: End;
  destination: End;
  service: Service;
  /** At which end it was seen: leaving the source or entering the destination. */
  direction: Direction | undefined;
  outcome: Outcome;
  /** What a reply would come from, where nothing says whether it is one. */
  unsureOf: number | undefined;
  /** The cluster whose node saw it. */
  observer: string;
  /** Whether the L7 proxy tells of it. */
  isL7: boolean;
  /** Addresses and ports, to count a connection once; undefined where only a count is known. */
  connection: string | undefined;
  flows: number;
  firstSeen: string;
  lastSeen: string;
  http: HttpRequest | undefined;
  dnsName: string | undefined;
  /** The policies that denied it. */
  deniedBy: readonly string[];
}

/** Why a row is no request to learn from. */
export type Skipped = "reply" | "not a packet" | "dropped for another reason" | "no verdict" | "no port";

const errorsOfIcmp: Record<string, readonly number[]> = { ICMPv4: [0, 3, 4, 5, 11, 12, 14], ICMPv6: [1, 2, 3, 4, 129] };
const withPorts = new Set(["TCP", "UDP", "SCTP"]);
const firstClientPort = 32768;

/** Reads a row. */
export function sightingOf(row: ObservedRow): Sighting | Skipped {
  const hasTelling =
    text(row, "FlowType") !== "SOCK" && text(row, "ExportEvent") === "" && text(row, "ParseError") === "";
  if (!hasTelling) return "not a packet";
  const direction = directionOf(row);
  const certainty = certaintyOf(row);
  if (certainty === "reply") return "reply";
  const outcome = outcomeOf(row);
  if (outcome === "no verdict" || outcome === "dropped for another reason") return outcome;
  const service = serviceOf(row);
  if (service === undefined) return "no port";
  return {
    source: endOf(row, "Source"),
    destination: endOf(row, "Destination"),
    service,
    direction,
    outcome,
    unsureOf: certainty === "unsure" ? number(row, "SourcePort") : undefined,
    observer: text(row, "ClusterName"),
    isL7: text(row, "FlowType") === "L7",
    ...countOf(row),
    http: httpOf(row),
    dnsName: text(row, "FlowType") === "L7" ? text(row, "DNSQuery") || undefined : undefined,
    deniedBy: deniersOf(row),
  };
}

function directionOf(row: ObservedRow): Direction | undefined {
  const direction = text(row, "TrafficDirection");
  return direction === "EGRESS" ? "egress" : direction === "INGRESS" ? "ingress" : undefined;
}

/** Cilium's own mark where there is one; else the protocol's, and at last the ports'. */
function certaintyOf(row: ObservedRow): "request" | "reply" | "unsure" {
  if (typeof row.Reply === "boolean") return row.Reply ? "reply" : "request";
  const l7Type = text(row, "L7Type");
  if (l7Type !== "") return l7Type === "RESPONSE" ? "reply" : "request";
  const protocol = text(row, "L4Protocol");
  const errors = errorsOfIcmp[protocol];
  if (errors) return errors.includes(number(row, "ICMPType") ?? 0) ? "reply" : "request";
  // A policy is asked about a connection's first packet.
  if (number(row, "EventType") === 5 || !withPorts.has(protocol)) return "request";
  const flags = text(row, "TCPFlags").split(",");
  if (flags.includes("SYN")) return flags.includes("ACK") ? "reply" : "request";
  const [from, to] = [number(row, "SourcePort"), number(row, "DestinationPort")];
  if (from === undefined || to === undefined) return "request";
  if (from < firstClientPort === to < firstClientPort) return "unsure";
  return from < firstClientPort ? "reply" : "request";
}

function outcomeOf(row: ObservedRow): Outcome | "no verdict" | "dropped for another reason" {
  const verdict = text(row, "Verdict");
  if (verdict === "") return "no verdict";
  // Audit mode lets pass what a deny rule would forbid; no rule to allow changes that.
  if (verdict === "AUDIT") return deniersOf(row).length > 0 ? "forbidden" : "passed";
  if (verdict !== "DROPPED") return text(row, "TraceObservationPoint").startsWith("FROM_") ? "arrived" : "passed";
  if (text(row, "FlowType") === "L7") return "refused";
  const [reason, code] = [text(row, "DropReason"), number(row, "DropReasonCode")];
  if (reason === "POLICY_DENIED" || (reason === "" && code === 133)) return "missing";
  return reason === "POLICY_DENY" || (reason === "" && code === 181) ? "forbidden" : "dropped for another reason";
}

function serviceOf(row: ObservedRow): Service | undefined {
  const protocol = text(row, "L4Protocol");
  if (protocol === "ICMPv4" || protocol === "ICMPv6") return { protocol, icmpType: number(row, "ICMPType") ?? 0 };
  if (protocol === "VRRP" || protocol === "IGMP") return { protocol };
  const port = number(row, "DestinationPort");
  return withPorts.has(protocol) && port !== undefined ? { protocol, port } : undefined;
}

function countOf(row: ObservedRow): Pick<Sighting, "connection" | "flows" | "firstSeen" | "lastSeen"> {
  const time = text(row, "TimeGenerated");
  const [firstSeen, lastSeen] = [text(row, "FirstSeen") || time, text(row, "LastSeen") || time];
  const flows = number(row, "Flows");
  if (flows !== undefined) return { connection: undefined, flows, firstSeen, lastSeen };
  const counts = ["IngressFlowCount", "EgressFlowCount", "UnknownDirectionFlowCount"].map(
    (column) => number(row, column) ?? 0,
  );
  const ends = ["SourceIP", "SourcePort", "DestinationIP", "DestinationPort", "ICMPType"].map((column) => row[column]);
  const connection = text(row, "SourceIP") === "" ? undefined : ends.join("|");
  return {
    connection,
    flows: Math.max(
      1,
      counts.reduce((sum, count) => sum + count),
    ),
    firstSeen,
    lastSeen,
  };
}

function httpOf(row: ObservedRow): HttpRequest | undefined {
  const method = text(row, "HTTPMethod");
  if (method === "") return undefined;
  const parts = /^(?:[a-z][a-z0-9+.-]*:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?/is.exec(text(row, "HTTPURL"))!;
  return { method, host: parts[1] ?? "", path: parts[2] || "/", query: parts[3] ?? "" };
}

function deniersOf(row: ObservedRow): string[] {
  const lists = [row.EgressDeniedBy, row.IngressDeniedBy].filter((value): value is unknown[] => Array.isArray(value));
  return lists.flat().map((policy) => {
    const { namespace = "", name = "" } = (policy ?? {}) as { namespace?: string; name?: string };
    return [namespace, name].filter((part) => typeof part === "string" && part !== "").join("/");
  });
}

/** Services that are equal have equal keys, which sort by protocol and number. */
export function serviceKey({ protocol, port, icmpType }: Service): string {
  return `${protocol} ${String(port ?? icmpType ?? "").padStart(5, "0")}`;
}

/** For people: TCP 443, ICMPv4 type 8. */
export function serviceTitle({ protocol, port, icmpType }: Service): string {
  return `${protocol}${port === undefined ? "" : ` ${port}`}${icmpType === undefined ? "" : ` type ${icmpType}`}`;
}
