import { RE2JS } from "re2js";
import type { Service } from "../sighting.js";
import { either, nameTest, type Match } from "./matcher.js";
import type { Node } from "./node.js";
import type { Question } from "./policy.js";

type Traffic = (question: Question) => Match;

/** The numbers of ICMP types by the names that Cilium takes (pkg/policy/api/icmp.go of 1.20.2), of those in use. */
const icmpTypes: Record<string, Record<string, number>> = {
  IPv4: {
    EchoReply: 0,
    DestinationUnreachable: 3,
    Redirect: 5,
    Echo: 8,
    EchoRequest: 8,
    RouterAdvertisement: 9,
    RouterSelection: 10,
    TimeExceeded: 11,
    ParameterProblem: 12,
    Timestamp: 13,
    TimestampReply: 14,
    Photuris: 40,
    ExtendedEchoRequest: 42,
    ExtendedEchoReply: 43,
  },
  IPv6: {
    DestinationUnreachable: 1,
    PacketTooBig: 2,
    TimeExceeded: 3,
    ParameterProblem: 4,
    EchoRequest: 128,
    EchoReply: 129,
    MulticastListenerQuery: 130,
    MulticastListenerReport: 131,
    MulticastListenerDone: 132,
    RouterSolicitation: 133,
    RouterAdvertisement: 134,
    NeighborSolicitation: 135,
    NeighborAdvertisement: 136,
    RedirectMessage: 137,
    RouterRenumbering: 138,
    ICMPNodeInformationQuery: 139,
    ICMPNodeInformationResponse: 140,
    InverseNeighborDiscoverySolicitation: 141,
    InverseNeighborDiscoveryAdvertisement: 142,
    HomeAgentAddressDiscoveryRequest: 144,
    HomeAgentAddressDiscoveryReply: 145,
    MobilePrefixSolicitation: 146,
    MobilePrefixAdvertisement: 147,
    DuplicateAddressRequestCodeSuffix: 157,
    DuplicateAddressConfirmationCodeSuffix: 158,
    ExtendedEchoRequest: 160,
    ExtendedEchoReply: 161,
  },
};

/** What a rule of Cilium says of ports, ICMP types and content; without any, all of it. */
export function trafficOf(rule: Node): Traffic {
  const toPorts = rule.list("toPorts") ?? [];
  const icmps = (rule.list("icmps") ?? []).flatMap((node) => node.list("fields") ?? []);
  if (toPorts.length + icmps.length === 0) return () => "yes";
  const parts = [...toPorts.map(portRule), ...icmps.map(icmpField)];
  return (question) => either(...parts.map((part) => part(question)));
}

function icmpField(field: Node): Traffic {
  const family = field.text("family") ?? "IPv4";
  const type = field.text("type") ?? "";
  const number = icmpTypes[family]?.[type] ?? (/^\d+$/.test(type) ? Number(type) : undefined);
  if (number === undefined) field.fail(`${type} is no ICMP type`, "write its number, or Cilium's name for it");
  const protocol = family === "IPv6" ? "ICMPv6" : "ICMPv4";
  return ({ service }) => (service.protocol === protocol && service.icmpType === number ? "yes" : "no");
}

function portRule(node: Node): Traffic {
  const ports = (node.list("ports") ?? []).map((port) =>
    portMatch(port.text("port") ?? "0", port.text("protocol") ?? "ANY", port.text("endPort")),
  );
  const isUnknown = node.get("serverNames") !== undefined || node.get("listener") !== undefined;
  const content = contentOf(node.get("rules"));
  return (question) => {
    const match = either(...ports.map((port) => port(question.service)));
    if (match === "no") return "no";
    const ofContent = content(question);
    if (ofContent === "no") return "no";
    return isUnknown || ofContent === "unknown" ? "unknown" : match;
  };
}

/** A port or a range of them; a name is a port that no flow tells. */
export function portMatch(port: string, protocol: string, endPort: string | undefined): (service: Service) => Match {
  const wanted = protocol.toUpperCase();
  const isOf = (service: Service) =>
    wanted === "ANY" ? ["TCP", "UDP", "SCTP"].includes(service.protocol) : wanted === service.protocol.toUpperCase();
  if (!/^\d+$/.test(port)) return (service) => (isOf(service) && service.port !== undefined ? "unknown" : "no");
  const [first, last] = [Number(port), Number(endPort ?? port)];
  return (service) => {
    if (!isOf(service)) return "no";
    return first === 0 || (service.port !== undefined && service.port >= first && service.port <= last) ? "yes" : "no";
  };
}

/** What a port's rules say of a request; a connection of which no request was seen has to be let in. */
function contentOf(rules: Node | undefined): Traffic {
  const http = rules?.list("http") ?? [];
  const dns = rules?.list("dns") ?? [];
  if (http.length > 0) {
    const tests = http.map(httpTest);
    return (question) => (question.http ? either(...tests.map((test) => test(question))) : "yes");
  }
  if (dns.length > 0) {
    const tests = dns.map((node) => nameTest(nameSelector(node)));
    return ({ dnsName }) => (dnsName === undefined || tests.some((test) => test(dnsName)) ? "yes" : "no");
  }
  return () => "yes";
}

/** A name or a pattern of names. */
export function nameSelector(node: Node): { matchName?: string; matchPattern?: string } {
  const [matchName, matchPattern] = [node.text("matchName"), node.text("matchPattern")];
  if (matchName === undefined && matchPattern === undefined) {
    node.fail("it names nothing", "write matchName or matchPattern");
  }
  return { ...(matchName === undefined ? {} : { matchName }), ...(matchPattern === undefined ? {} : { matchPattern }) };
}

function httpTest(node: Node): Traffic {
  const method = regex(node, "method");
  const path = regex(node, "path");
  const host = regex(node, "host");
  const isUnknown = ["headers", "headerMatches"].some((key) => (node.list(key) ?? []).length > 0);
  return ({ http }) => {
    if (!http || !method(http.method) || !path(http.path + http.query)) return "no";
    if (http.host !== "" && !host(http.host)) return "no";
    return isUnknown || (http.host === "" && node.get("host") !== undefined) ? "unknown" : "yes";
  };
}

/** Envoy matches the whole of a text. */
function regex(node: Node, key: string): (text: string) => boolean {
  const pattern = node.text(key) ?? "";
  if (pattern === "") return () => true;
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matches(text);
  } catch (error) {
    return node.fail(`${key} is no regular expression (${(error as Error).message})`, "write one that RE2 takes");
  }
}
