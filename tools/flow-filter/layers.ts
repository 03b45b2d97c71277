import { message, messages, number, text } from "./event.js";
import type { Json } from "./event.js";
import { regexpTest } from "./go-regexp.js";
import { requestPath } from "./request-uri.js";

/** Names that `protocol` takes, with the fields of l4 or l7 of which one must be there. */
const PROTOCOLS: Record<string, ["l4" | "l7", ...string[]]> = {
  icmp: ["l4", "ICMPv4", "ICMPv6"],
  icmpv4: ["l4", "ICMPv4"],
  icmpv6: ["l4", "ICMPv6"],
  tcp: ["l4", "TCP"],
  udp: ["l4", "UDP"],
  sctp: ["l4", "SCTP"],
  vrrp: ["l4", "VRRP"],
  igmp: ["l4", "IGMP"],
  dns: ["l7", "dns"],
  http: ["l7", "http"],
  // Of Cilium up to 1.19.
  kafka: ["l7", "kafka"],
};

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "NS"];

/** Whether a flow speaks one of the protocols given. */
export function protocolTest(given: readonly string[]): (flow: Json | undefined) => boolean {
  const wanted = given.map((name) => PROTOCOLS[name.toLowerCase()]).filter((one) => one !== undefined);
  return (flow) => wanted.some(([layer, ...names]) => names.some((name) => message(flow, layer, name) !== undefined));
}

/** Whether the port of a flow's end is one of those given. */
export function portTest(given: readonly string[], field: "source_port" | "destination_port") {
  const ports = new Set(given.map(Number));
  return (flow: Json | undefined): boolean => {
    const l4 = message(flow, "l4");
    const layer = message(l4, "TCP") ?? message(l4, "UDP") ?? message(l4, "SCTP");
    return layer !== undefined && ports.has(number(layer, field) & 0xffff);
  };
}

/** Whether a flow has all flags of one of the sets given. */
export function tcpFlagsTest(given: readonly Json[]): (flow: Json | undefined) => boolean {
  const wanted = given.map((flags) => FLAGS.filter((flag) => flags[flag] === true));
  return (flow) => {
    const flags = message(flow, "l4", "TCP", "flags");
    return flags !== undefined && wanted.some((set) => set.every((flag) => flags[flag] === true));
  };
}

function httpOf(flow: Json | undefined): Json | undefined {
  return message(flow, "l7", "http");
}

/** Whether the status of a response is one of those given, or begins as one that ends in "+". */
export function httpStatusTest(given: readonly string[]): (flow: Json | undefined) => boolean {
  return (flow) => {
    const code = number(httpOf(flow), "code");
    const status = String(code).padStart(3, "0");
    return (
      code !== 0 && given.some((one) => (one.endsWith("+") ? status.startsWith(one.slice(0, -1)) : status === one))
    );
  };
}

/** Whether the method is one of those given, in capitals or not, as Go's strings.EqualFold compares. */
export function httpMethodTest(given: readonly string[]): (flow: Json | undefined) => boolean {
  const folded = given.map((method) => new RegExp(`^${method.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}$`, "iu"));
  return (flow) => {
    const method = text(httpOf(flow), "method");
    return method !== "" && folded.some((one) => one.test(method));
  };
}

/** Whether the URL matches one of the expressions. */
export function httpUrlTest(given: readonly string[]): (flow: Json | undefined) => boolean {
  const matches = regexpTest(given);
  return (flow) => {
    const url = text(httpOf(flow), "url");
    return url !== "" && matches(url);
  };
}

/** Whether the path of the URL matches one of the expressions. */
export function httpPathTest(given: readonly string[]): (flow: Json | undefined) => boolean {
  const matches = regexpTest(given);
  return (flow) => {
    const path = requestPath(text(httpOf(flow), "url"));
    return path !== undefined && matches(path);
  };
}

/** Whether the request has one of the headers, to the letter. */
export function httpHeaderTest(given: readonly Json[]): (flow: Json | undefined) => boolean {
  return (flow) =>
    messages(httpOf(flow), "headers").some((header) =>
      given.some((one) => text(one, "key") === text(header, "key") && text(one, "value") === text(header, "value")),
    );
}

/** Whether the name that a DNS flow asks for matches one of the expressions. */
export function dnsQueryTest(given: readonly string[]): (flow: Json | undefined) => boolean {
  const matches = regexpTest(given);
  return (flow) => {
    const dns = message(flow, "l7", "dns");
    return dns !== undefined && matches(text(dns, "query"));
  };
}
