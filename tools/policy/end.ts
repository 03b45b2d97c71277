import { loadProtocol } from "../protocol.js";
import { isLabelValue, parseLabels, type Labels } from "./labels.js";
import { list, number, text, type ObservedRow, type Side } from "./row.js";

/** What Cilium's policies call an endpoint that is no pod. */
export type Entity = "kube-apiserver" | "host" | "remote-node" | "health" | "ingress" | "init" | "unmanaged";

interface Known {
  /** Tells apart what policies can tell apart. */
  key: string;
  /** For people: namespace/pod, a name, an address. */
  title: string;
  /** As they stand in the flow, `source:key=value`. */
  rawLabels: readonly string[];
  /** Empty where the flow has none. */
  address: string;
  /** DNS names, small letters, without the dot at the end. */
  names: readonly string[];
  cluster: string;
}

export interface PodEnd extends Known {
  kind: "pod";
  namespace: string;
  workload: string;
  labels: Labels;
}

export interface EntityEnd extends Known {
  kind: "entity";
  entity: Entity;
}

export interface WorldEnd extends Known {
  kind: "world";
}

/** An end that no rule can be written for, with the reason. */
export interface UnknownEnd extends Known {
  kind: "unknown";
  reason: string;
}

/** One end of a flow, as policies see it. */
export type End = PodEnd | EntityEnd | WorldEnd | UnknownEnd;

/** In this order: an address can be several of them, and the first is the narrowest. */
const entities: readonly Entity[] = ["kube-apiserver", "host", "remote-node", "health", "ingress", "init", "unmanaged"];
const worlds = new Set(["world", "world-ipv4", "world-ipv6"]);

/** Identities of this scope and up are made by the node: addresses, and behind them other nodes. */
const cidrScope = 1 << 24;
const remoteNodeScope = 1 << 25;

const identityNames = new Map(loadProtocol().reservedIdentities.map((one) => [one.number, one.name]));

/** Reads one end of a row. */
export function endOf(row: ObservedRow, side: Side): End {
  const at = (column: string) => text(row, `${side}${column}`);
  const rawLabels = list(row, `${side}Labels`);
  const namespace = at("Namespace");
  const reserved = reservedNames(rawLabels, number(row, `${side}Identity`));
  const known = {
    rawLabels,
    address: at("IP"),
    names: list(row, `${side}Names`).map((name) => name.toLowerCase().replace(/\.+$/, "")),
    cluster: at("ClusterName") || clusterOfLabels(rawLabels),
  };
  const entity = entities.find((name) => reserved.has(name));
  if (entity) return { ...known, kind: "entity", entity, key: entity, title: known.address || entity };
  if ([...reserved].some((name) => worlds.has(name)) || rawLabels.some(isOfAddress)) return worldEnd(known);
  if (namespace !== "" || rawLabels.some((label) => label.startsWith("k8s:"))) {
    return podEnd(
      { ...known, namespace },
      { pod: at("PodName"), workload: workloadOf(at("WorkloadName"), at("WorkloadKind")) },
    );
  }
  const title = known.address || "an unknown endpoint";
  const reason = "nothing says what it is: no labels, no identity";
  return { ...known, kind: "unknown", reason, key: `unknown ${known.address}`, title };
}

/** A CronJob's runs are one workload; their names end with the minute in which they were due, since 1970. */
function workloadOf(name: string, kind: string): string {
  return kind === "Job" ? name.replace(/-\d{8}$/, "") : name;
}

const nameOfNamespace = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function podEnd(
  known: Omit<PodEnd, "kind" | "key" | "title" | "workload" | "labels">,
  { pod, workload }: { pod: string; workload: string },
): PodEnd | UnknownEnd {
  const labels = parseLabels(known.rawLabels);
  const namespace = known.namespace || (labels.get("io.kubernetes.pod.namespace") ?? "");
  const title = `${namespace}/${pod || workload || "?"}`;
  const own = [...labels].map(([key, value]) => `${key}=${value}`).sort();
  const key = JSON.stringify(["pod", known.cluster, namespace, workload || (own.length > 0 ? "" : pod), ...own]);
  if (!isLabelValue(known.cluster) || !nameOfNamespace.test(namespace)) {
    const reason = namespace === "" ? "it has labels and no namespace" : "Kubernetes has no such namespace or cluster";
    return { ...known, kind: "unknown", reason, key: `unknown ${key}`, title };
  }
  return { ...known, kind: "pod", namespace, workload, labels, key, title };
}

function worldEnd(known: Omit<WorldEnd, "kind" | "key" | "title">): WorldEnd {
  const names = known.names.length > 0 ? known.names : namesOfLabels(known.rawLabels);
  const title = names[0] === undefined ? known.address || "world" : `${names[0]} (${known.address || "no address"})`;
  return { ...known, kind: "world", names, key: JSON.stringify(["world", known.address, ...names]), title };
}

/** What `reserved:` labels say; the identity's number where there are no labels. */
function reservedNames(labels: readonly string[], identity: number | undefined): Set<string> {
  const found = labels.filter((label) => label.startsWith("reserved:")).map((label) => label.slice("reserved:".length));
  if (labels.length > 0 || identity === undefined) return new Set(found);
  const name = identityNames.get(identity);
  if (name !== undefined) return new Set([name]);
  if (identity >= remoteNodeScope) return new Set(["remote-node"]);
  return new Set(identity >= cidrScope ? ["world"] : []);
}

const isOfAddress = (label: string) => /^(cidr|fqdn|cidrgroup):/.test(label);

/** Names that a policy with `toFQDNs` has put on the address; patterns name no one host. */
function namesOfLabels(labels: readonly string[]): string[] {
  return labels
    .filter((label) => label.startsWith("fqdn:") && !label.includes("*"))
    .map((label) =>
      label
        .slice("fqdn:".length)
        .toLowerCase()
        .replace(/[.=]+$/, ""),
    );
}

function clusterOfLabels(labels: readonly string[]): string {
  const prefix = "k8s:io.cilium.k8s.policy.cluster=";
  return labels.find((label) => label.startsWith(prefix))?.slice(prefix.length) ?? "";
}
