import { isIPv4 } from "node:net";
import type { Context } from "./context.js";
import type { EventTypeFilter, FlowFilter } from "../flow-filter/flow-log.js";
import { DROP, L7, protocol } from "../flow-filter/protocol.js";

/** What a condition leaves of a property of a flow, of which a flow has one value. */
type Leaves = Record<string, readonly string[]>;

const TRACE = 4;
const PORTS = ["TCP", "UDP", "SCTP"];
const L4: Record<string, string[]> = {
  tcp: ["TCP"],
  udp: ["UDP"],
  sctp: ["SCTP"],
  icmp: ["ICMPv4", "ICMPv6"],
  icmpv4: ["ICMPv4"],
  icmpv6: ["ICMPv6"],
  vrrp: ["VRRP"],
  igmp: ["IGMP"],
};

/** Warns of a filter two of whose conditions no flow meets together. */
export function checkExclusive(filter: FlowFilter, line: number, context: Context): void {
  const conditions = Object.entries(filter).filter(([, values]) => values.length > 0);
  const leaves = conditions.map(([field, values]) => [field, leavesOf(field, values)] as const);
  for (const [i, [field, left]] of leaves.entries()) {
    for (const [other, right] of leaves.slice(0, i)) {
      const property = Object.keys(left).find(
        (name) => right[name] !== undefined && !left[name]!.some((value) => right[name]!.includes(value)),
      );
      if (property === undefined) continue;
      context.warning(
        line,
        `${other} and ${field} exclude each other, so this matches nothing: they want a flow of another ${property}`,
        "take one of them out, or make two filters of them",
      );
      return;
    }
  }
}

function leavesOf(field: string, values: readonly unknown[]): Leaves {
  const texts = values.map(String);
  switch (field) {
    case "verdict":
      return { verdict: texts };
    case "drop_reason_desc":
      return { verdict: ["DROPPED"], reason: texts };
    case "traffic_direction":
      return { direction: texts };
    case "event_type":
      return leavesOfEvents(values as EventTypeFilter[]);
    case "protocol":
      return leavesOfProtocols(texts.map((name) => name.toLowerCase()));
    case "tcp_flags":
      return { "L4 protocol": ["TCP"] };
    case "source_port":
    case "destination_port":
      return { "L4 protocol": PORTS };
    case "dns_query":
      return { "L7 protocol": ["dns"], event: [String(L7)] };
    case "ip_version":
      // Of some flows with addresses Cilium does not know the version.
      return texts.includes("IP_NOT_USED") ? {} : { "IP version": texts };
    case "source_ip":
    case "destination_ip":
      return { "IP version": texts.map((address) => (isIPv4(address.split("/")[0]!) ? "IPv4" : "IPv6")) };
  }
  return field.startsWith("http_") ? { "L7 protocol": ["http"] } : {};
}

function leavesOfEvents(types: readonly EventTypeFilter[]): Leaves {
  // Any type.
  if (types.some(({ type = 0 }) => type === 0)) return {};
  const numbers = types.map(({ type }) => type);
  const leaves: Record<string, string[]> = { event: numbers.map(String) };
  if (numbers.every((type) => type === DROP)) leaves["verdict"] = ["DROPPED"];
  if (numbers.every((type) => type === TRACE)) {
    leaves["verdict"] = protocol.verdicts.map(({ name }) => name).filter((name) => name !== "DROPPED");
  }
  if (types.every(({ type, match_sub_type }) => type === DROP && match_sub_type)) {
    const names = types.map(({ sub_type = 0 }) => sub_type);
    leaves["reason"] = names.map(
      (number) => protocol.dropReasons.find((one) => one.number === number && !one.unnamed)?.name ?? String(number),
    );
  }
  return leaves;
}

function leavesOfProtocols(names: readonly string[]): Leaves {
  if (names.every((name) => Object.hasOwn(L4, name))) return { "L4 protocol": names.flatMap((name) => L4[name]!) };
  // Either layer may meet it.
  if (names.some((name) => Object.hasOwn(L4, name))) return {};
  return { "L7 protocol": names, event: [String(L7)] };
}
