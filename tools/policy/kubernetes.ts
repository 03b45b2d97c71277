import { isIPv6 } from "node:net";
import { evidenceOf, type Written } from "./cilium.js";
import { SERVICE_ACCOUNT, type Labels } from "./labels.js";
import type { Allowed, Peer, Policy } from "./model.js";
import { serviceTitle, type Direction } from "./sighting.js";

/** A policy as Kubernetes' own resource, without its rules. */
export function kubernetesHead(policy: Policy): Record<string, unknown> {
  const { name, namespace, selector, rules } = policy;
  const policyTypes = [...(rules.ingress ? ["Ingress"] : []), ...(rules.egress ? ["Egress"] : [])];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: { podSelector: { matchLabels: Object.fromEntries(selector) }, policyTypes },
  };
}

/** The rules of one direction that a NetworkPolicy can say; none denies all. */
export function kubernetesRules(policy: Policy, direction: Direction): Written[] | undefined {
  return policy.rules[direction]?.flatMap(({ peer, allowed, notes }) => {
    const peers = peersOf(peer);
    const said = allowed.filter(isSaid);
    if (typeof peers === "string" || said.length === 0) return [];
    const rule = { [direction === "egress" ? "to" : "from"]: peers, ports: said.flatMap(portsOf) };
    const named =
      peer.kind === "names"
        ? [`${peer.names.join(", ")}: a NetworkPolicy knows no names, and their addresses may change`]
        : [];
    return [{ rule, evidence: evidenceOf(said), notes: [...notes, ...named] }];
  });
}

/** What of a policy a NetworkPolicy cannot say, one line each. */
export function unsaid(policy: Policy): string[] {
  const lines: string[] = [];
  if (policy.selector.has(SERVICE_ACCOUNT)) lines.push("pods by their service account");
  for (const direction of ["ingress", "egress"] as const) {
    for (const { peer, allowed } of policy.rules[direction] ?? []) {
      const peers = peersOf(peer);
      const missed = allowed.filter((one) => typeof peers === "string" || !isSaid(one));
      if (missed.length === 0) continue;
      const services = missed.map(({ service }) => serviceTitle(service)).join(", ");
      lines.push(
        `${direction}, ${services} ${direction === "egress" ? "to" : "from"} ${typeof peers === "string" ? peers : titleOf(peer)}`,
      );
    }
  }
  return lines;
}

/** Ports it has for three protocols; ICMP and the rest it has no word for. */
function isSaid({ service }: Allowed): boolean {
  return service.port !== undefined;
}

function portsOf({ service: { protocol, port }, dns }: Allowed): Record<string, unknown>[] {
  return (dns === undefined ? [protocol] : ["UDP", "TCP"]).map((one) => ({ port, protocol: one }));
}

/** Peers, or the name of one that it has no word for. */
function peersOf(peer: Peer): Record<string, unknown>[] | string {
  switch (peer.kind) {
    case "endpoints":
      return endpointPeers(peer.namespace, peer.cluster, peer.selector);
    case "entity":
      return peer.entity === "world" ? [cidr("0.0.0.0/0"), cidr("::/0")] : peer.entity;
    case "names":
      return peer.addresses.length > 0 ? peer.addresses.map(hostCidr) : peer.names.join(", ");
    case "addresses":
      return peer.addresses.map(hostCidr);
  }
}

function endpointPeers(namespace: string, cluster: string, selector: Labels): Record<string, unknown>[] | string {
  const labels = [...selector].map(([key, value]) => `${key}=${value}`).join(", ");
  if (cluster !== "") return `${labels} of cluster ${cluster}`;
  if ([...selector.keys()].some((key) => key === SERVICE_ACCOUNT || key.includes(":"))) return `pods with ${labels}`;
  return [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      podSelector: { matchLabels: Object.fromEntries(selector) },
    },
  ];
}

const cidr = (block: string) => ({ ipBlock: { cidr: block } });
const hostCidr = (address: string) => cidr(`${address}/${isIPv6(address) ? 128 : 32}`);

function titleOf(peer: Peer): string {
  switch (peer.kind) {
    case "endpoints":
      return [...peer.selector].map(([key, value]) => `${key}=${value}`).join(", ");
    case "entity":
      return peer.entity;
    case "names":
      return peer.names.join(", ");
    case "addresses":
      return peer.addresses.join(", ");
  }
}

/** Whether a NetworkPolicy can select a workload's pods. */
export function isSelectable({ selector }: Policy): boolean {
  return [...selector.keys()].every((key) => key !== SERVICE_ACCOUNT && !key.includes(":"));
}
