import { isIPv6 } from "node:net";
import { Evidence } from "./exchange.js";
import { httpRules } from "./http-path.js";
import { CLUSTER, NAMESPACE, SERVICE_ACCOUNT, type Labels } from "./labels.js";
import type { Allowed, Peer, Policy, Rule } from "./model.js";
import type { Direction } from "./sighting.js";

/** A rule as it is written, and what stands above it as a comment. */
export interface Written {
  rule: Record<string, unknown>;
  evidence: Evidence;
  notes: readonly string[];
}

/** Cilium takes no longer lists of ports and of ICMP types. */
const longest = 40;

/** A policy as Cilium's resource, without its rules. */
export function ciliumHead({ name, namespace, selector }: Policy): Record<string, unknown> {
  return {
    apiVersion: "cilium.io/v2",
    kind: "CiliumNetworkPolicy",
    metadata: { name, namespace },
    spec: { endpointSelector: { matchLabels: labelsOf(selector) } },
  };
}

/** The rules of one direction as Cilium writes them. One that allows nothing denies all else. */
export function ciliumRules(policy: Policy, direction: Direction): Written[] | undefined {
  const rules = policy.rules[direction];
  if (rules === undefined) return undefined;
  if (rules.length === 0) {
    return [{ rule: {}, evidence: new Evidence(), notes: [`no ${direction} was seen: all of it is denied`] }];
  }
  return rules.flatMap((rule) => writeRule(rule, direction, policy.namespace));
}

function writeRule({ peer, allowed, notes }: Rule, direction: Direction, namespace: string): Written[] {
  // Made for each anew: YAML would write what two rules share as an alias.
  const head = () => peerKeys(peer, direction === "egress" ? "to" : "from", namespace);
  const types = allowed.filter(({ service }) => service.icmpType !== undefined);
  const ports = allowed.filter(({ service }) => service.icmpType === undefined);
  const extended = ports.some(({ service }) => service.port === undefined)
    ? ["protocols without ports need the agent's enable-extended-ip-protocols"]
    : [];
  return [
    ...(ports.length > 0
      ? [{ rule: { ...head(), toPorts: toPorts(ports) }, evidence: evidenceOf(ports), notes: [...notes, ...extended] }]
      : []),
    ...(types.length > 0 ? [{ rule: { ...head(), icmps: icmps(types) }, evidence: evidenceOf(types), notes }] : []),
  ];
}

/** The evidence of all that a rule allows. */
export function evidenceOf(allowed: readonly Allowed[]): Evidence {
  const all = new Evidence();
  for (const { evidence } of allowed) all.merge(evidence);
  return all;
}

function peerKeys(peer: Peer, way: "to" | "from", namespace: string): Record<string, unknown> {
  switch (peer.kind) {
    case "endpoints": {
      const place = {
        ...(peer.namespace === namespace && peer.cluster === "" ? {} : { [`k8s:${NAMESPACE}`]: peer.namespace }),
        ...(peer.cluster === "" ? {} : { [`k8s:${CLUSTER}`]: peer.cluster }),
      };
      return { [`${way}Endpoints`]: [{ matchLabels: { ...place, ...labelsOf(peer.selector) } }] };
    }
    case "entity":
      return { [`${way}Entities`]: [peer.entity] };
    case "names":
      return { toFQDNs: peer.names.map((matchName) => ({ matchName })) };
    case "addresses":
      return { [`${way}CIDR`]: peer.addresses.map((address) => `${address}/${isIPv6(address) ? 128 : 32}`) };
  }
}

function labelsOf(selector: Labels): Record<string, string> {
  return Object.fromEntries([...selector].map(([key, value]) => [key === SERVICE_ACCOUNT ? `k8s:${key}` : key, value]));
}

function toPorts(allowed: readonly Allowed[]): Record<string, unknown>[] {
  const plain = allowed.filter(({ http, dns }) => http === undefined && dns === undefined).map(portOf);
  const http = allowed
    .filter((one) => one.http !== undefined)
    .map((one) => ({ ports: [portOf(one)], rules: { http: httpRules(one.http!) } }));
  const dns = allowed.filter((one) => one.dns !== undefined);
  return [...chunks(plain).map((ports) => ({ ports })), ...http, ...(dns.length > 0 ? [dnsPort(dns)] : [])];
}

function portOf({ service: { protocol, port } }: Allowed): Record<string, string> {
  return { port: String(port ?? 0), protocol };
}

/** An answer that UDP cuts short is asked for again over TCP. */
function dnsPort(allowed: readonly Allowed[]): Record<string, unknown> {
  const isAll = allowed.some(({ dns }) => dns === "all");
  const names = [...new Set(allowed.flatMap(({ dns }) => (dns === "all" ? [] : dns!)))].sort();
  const dns = isAll ? [{ matchPattern: "*" }] : names.map((matchName) => ({ matchName }));
  return { ports: [{ port: "53", protocol: "ANY" }], rules: { dns } };
}

function icmps(allowed: readonly Allowed[]): Record<string, unknown>[] {
  const fields = allowed.map(({ service: { protocol, icmpType } }) => ({
    family: protocol === "ICMPv6" ? "IPv6" : "IPv4",
    type: icmpType,
  }));
  return chunks(fields).map((part) => ({ fields: part }));
}

function chunks<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += longest) parts.push(items.slice(at, at + longest));
  return parts;
}
