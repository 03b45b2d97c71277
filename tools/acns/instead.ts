import type { Condition } from "../exporter/build.js";
import { protocol, subTypesOf } from "../flow-filter/protocol.js";
import { kqlString } from "../text/kql.js";

/**
 * How to have what a resource cannot say: a rule of Fluent Bit's grep filter, on the line as the exporter writes it, where
 * one pattern can tell, and KQL. The rule needs a filter of its own: grep keeps a record by the first regex that takes it,
 * and looks at no rule behind (seen on Fluent Bit 5.1.1).
 * @param conditions of one word, of which one must hold.
 * @param rule whether the flows of which they hold are kept or left out.
 * @param isAlone whether all that is exported has to meet them: the grep filter takes what does not.
 */
export function instead(conditions: readonly Condition[], rule: "regex" | "exclude", isAlone = true): string {
  const patterns = conditions.map(linePattern);
  // A line does not tell of which end a namespace is: excluding by it would lose flows of the other end.
  const isOneEnd = rule === "exclude" && conditions.some(({ side }) => side === "source" || side === "destination");
  const grep =
    !isAlone || isOneEnd || patterns.includes(undefined)
      ? ""
      : `add to Fluent Bit, in front of the wasm filter, a grep filter of its own with \`${rule} log ${patterns.join("|")}\`, or `;
  const kql = conditions.map(kqlOf).join(" or ");
  return `export more, and ${grep}ask in KQL \`where ${rule === "exclude" ? `not(${kql})` : kql}\``;
}

/** Under which key the exporter's line has a protocol. */
const keyOf: Record<string, string> = {
  tcp: "TCP",
  udp: "UDP",
  sctp: "SCTP",
  icmpv4: "ICMPv4",
  icmpv6: "ICMPv6",
  vrrp: "VRRP",
  igmp: "IGMP",
  http: "http",
  dns: "dns",
};

const plain = (text: string) => text.toLowerCase().replaceAll("-", "_");
const upper = (text: string) => plain(text).toUpperCase();
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The name of a drop reason that is given by name, in any case, or by number. */
function reasonName(value: string): string {
  const found = protocol.dropReasons.find(({ name, number }) => name === upper(value) || String(number) === value);
  return found?.name ?? upper(value);
}

/** The numbers of `drop:POLICY_DENY`. */
function eventOf(value: string): { type: number; subType: number | undefined } | undefined {
  const [type, subType] = value.split(":", 2);
  const named = (given: string) => (one: { name: string; number: number }) =>
    plain(one.name) === plain(given) || String(one.number) === given;
  const known = protocol.eventTypes.find(named(type!));
  if (!known) return undefined;
  if (subType === undefined) return { type: known.number, subType: undefined };
  const under = subTypesOf(known.number).find(named(subType));
  return { type: known.number, subType: under?.number ?? Number(subType) };
}

/** A pattern that takes the lines of flows of which a condition holds; undefined where one pattern cannot tell. */
function linePattern({ word, value }: Condition): string | undefined {
  switch (word) {
    case "verdict":
      return `"verdict":\\s*"${upper(value)}"`;
    case "direction":
      return `"traffic_direction":\\s*"${upper(value)}"`;
    case "drop-reason":
      return `"drop_reason_desc":\\s*"${reasonName(value)}"`;
    case "event-type": {
      const event = eventOf(value);
      if (!event) return undefined;
      const type = `"event_type":\\s*\\{"type":\\s*${event.type}`;
      if (event.subType === undefined) return `${type}\\b`;
      // The exporter leaves a 0 out.
      return event.subType === 0 ? `${type}\\s*\\}` : `${type},\\s*"sub_type":\\s*${event.subType}\\b`;
    }
    case "namespace":
      return `"namespace":\\s*"${escaped(value.replace(/\/$/, ""))}"`;
    case "protocol":
      return keyOf[value.toLowerCase()] && `"${keyOf[value.toLowerCase()]!}":`;
    case "node-name":
      return /[*/]/.test(value) ? undefined : `"node_name":\\s*"([^"/]*/)?${escaped(value)}"`;
    default:
      return undefined;
  }
}

/** A condition on the columns of HubbleFlows. */
function kqlOf({ word, value, side }: Condition): string {
  const ends = side === "source" ? ["Source"] : side === "destination" ? ["Destination"] : ["Source", "Destination"];
  const ofEnds = (say: (end: string) => string) => {
    const said = ends.map(say);
    return said.length > 1 ? `(${said.join(" or ")})` : said[0]!;
  };
  // What stands in front of the slash: a namespace, a workload's kind, a node's cluster.
  const [name = "", front] = value.replace(/\/$/, "").split("/").reverse();
  const within = (column: string) => (front ? `${column} == ${kqlString(front)} and ` : "");
  switch (word) {
    case "namespace":
      return ofEnds((end) => `${end}Namespace == ${kqlString(value.replace(/\/$/, ""))}`);
    case "pod":
      return ofEnds((end) => `${within(`${end}Namespace`)}${end}PodName startswith ${kqlString(name)}`);
    case "service":
      return ofEnds((end) => `${within(`${end}ServiceNamespace`)}${end}ServiceName == ${kqlString(name)}`);
    case "workload":
      return ofEnds((end) => `${within(`${end}WorkloadKind`)}${end}WorkloadName == ${kqlString(name)}`);
    case "fqdn":
      return ofEnds((end) => `${end}Names has ${kqlString(value.replaceAll("*", ""))}`);
    case "label":
      return ofEnds((end) => `${end}Labels has ${kqlString(value)}`);
    case "ip":
      return ofEnds((end) => `ipv4_is_in_range(${end}IP, ${kqlString(value)})`);
    case "identity":
    case "port":
      return ofEnds((end) => `${end}${word === "port" ? "Port" : "Identity"} == ${Number(value) || 0}`);
    case "direction":
      return `TrafficDirection == ${kqlString(upper(value))}`;
    case "drop-reason":
      return `DropReason == ${kqlString(reasonName(value))}`;
    case "event-type": {
      const event = eventOf(value);
      const type = `EventType == ${event?.type ?? 0}`;
      return event?.subType === undefined ? type : `${type} and EventSubType == ${event.subType}`;
    }
    case "protocol":
      return kqlOfProtocol(value.toLowerCase());
    case "http-status": {
      const [, digits, isStart] = /^(\d+)(\+?)$/.exec(value) ?? ["", "0", ""];
      const rest = 3 - digits.length;
      if (!isStart || rest < 1) return `HTTPCode == ${Number(digits)}`;
      return `HTTPCode between (${digits}${"0".repeat(rest)} .. ${digits}${"9".repeat(rest)})`;
    }
    case "http-method":
      return `HTTPMethod == ${kqlString(value)}`;
    case "http-path":
      return `HTTPURL matches regex ${kqlString(value)}`;
    case "dns-query":
      return `DNSQuery matches regex ${kqlString(value)}`;
    case "node-name": {
      const matches = (column: string, text: string) =>
        `${column} matches regex ${kqlString(`^${text.split("*").map(escaped).join(".*")}$`)}`;
      return `${front ? `${matches("ClusterName", front)} and ` : ""}${matches("NodeName", name)}`;
    }
    case "ip-version":
      return `IPVersion == ${kqlString(/6/.test(value) ? "IPv6" : "IPv4")}`;
    default:
      return `Verdict == ${kqlString(upper(value))}`;
  }
}

function kqlOfProtocol(name: string): string {
  if (name === "http") return "isnotempty(HTTPMethod)";
  if (name === "dns") return "isnotempty(DNSQuery)";
  if (name === "kafka") return "isnotempty(Kafka)";
  return name === "icmp" ? 'L4Protocol startswith "ICMP"' : `L4Protocol == ${kqlString(keyOf[name] ?? name)}`;
}
