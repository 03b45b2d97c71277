import type { Direction } from "../sighting.js";
import { requirement } from "./labels.js";
import { cidrMatcher, either, entityMatcher, labelMatcher, nameMatcher, type PeerMatcher } from "./matcher.js";
import type { Node } from "./node.js";
import { checkedPolicy, type CheckedPolicy, type CheckedRule } from "./policy.js";
import { namespaceKey, namespaceLabels, ofNamespace, requirementsOf } from "./selector.js";
import { nameSelector, trafficOf } from "./traffic.js";

/**
 * The policies of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy, one for each spec that is about pods.
 * @throws UserError naming the place that Cilium would refuse.
 */
export function ciliumPolicies(resource: Node, title: string, namespace: string): CheckedPolicy[] {
  const one = resource.get("spec");
  const specs = [...(one ? [one] : []), ...(resource.list("specs") ?? [])];
  if (specs.length === 0) resource.fail("it has neither spec nor specs", "write its rules under spec");
  return specs.filter((spec) => !spec.get("nodeSelector")).map((spec) => ofSpec(spec, title, namespace));
}

function ofSpec(spec: Node, title: string, namespace: string): CheckedPolicy {
  const selector = spec.get("endpointSelector");
  if (!selector) spec.fail("it has no endpointSelector", "write endpointSelector: {} for all pods of the namespace");
  const subject = [...(namespace === "" ? [] : [ofNamespace(namespace)]), ...requirementsOf(selector)];
  const rules = (["ingress", "egress"] as const).flatMap((direction) => [
    ...rulesOf(spec, direction, direction, false, namespace),
    ...rulesOf(spec, `${direction}Deny`, direction, true, namespace),
  ]);
  const enforces = (["ingress", "egress"] as const).filter((direction) => {
    const said = spec.get("enableDefaultDeny")?.text(direction);
    return said === undefined ? rules.some((rule) => rule.direction === direction) : said === "true";
  });
  return checkedPolicy(spec, title, subject, enforces, rules);
}

function rulesOf(spec: Node, key: string, direction: Direction, isDeny: boolean, namespace: string): CheckedRule[] {
  return (spec.list(key) ?? []).map((node, i) => ({
    path: `${key}[${i}]`,
    line: node.line,
    direction,
    isDeny,
    peer: peerOf(node, direction === "egress" ? "to" : "from", namespace),
    traffic: trafficOf(node),
  }));
}

/** Kinds of peers that flows do not tell of. */
const untold = ["Nodes", "Groups", "Services", "Requires"];

function peerOf(rule: Node, way: "to" | "from", namespace: string): PeerMatcher {
  const peers: PeerMatcher[] = [];
  let isSaid = false;
  const each = (key: string, matcher: (node: Node) => PeerMatcher) => {
    const list = rule.list(`${way}${key}`);
    if (list) isSaid = true;
    peers.push(...(list ?? []).map(matcher));
  };
  each("Endpoints", (node) => endpointMatcher(node, namespace));
  each(
    "Entities",
    (node) => entityMatcher(node.text()!) ?? node.fail("it is no entity", "write world, host, cluster, …"),
  );
  each("CIDR", (node) => blockMatcher(node, node.text()!));
  each("CIDRSet", (node) => {
    const block = node.text("cidr");
    return block === undefined ? () => "unknown" : blockMatcher(node, block, node.texts("except"));
  });
  each("FQDNs", (node) => nameMatcher(nameSelector(node)));
  for (const kind of untold) each(kind, () => () => "unknown");
  if (isSaid) return (peer, subject) => either(...peers.map((matches) => matches(peer, subject)));
  // An empty rule is about nobody, one that only names ports is about all.
  const isEmpty = (rule.list("toPorts") ?? []).length + (rule.list("icmps") ?? []).length === 0;
  return () => (isEmpty ? "no" : "yes");
}

/** Pods of the policy's own namespace where the selector names none; of a clusterwide policy, any pod. */
function endpointMatcher(node: Node, namespace: string): PeerMatcher {
  const own = requirementsOf(node);
  const isOfReserved = own.some(({ source }) => source === "reserved");
  const hasNamespace = own.some(({ key }) => key === namespaceKey || key.startsWith(namespaceLabels));
  const place = namespace === "" ? requirement(`k8s:${namespaceKey}`, "Exists", []) : ofNamespace(namespace);
  return labelMatcher(isOfReserved || hasNamespace ? own : [...own, place]);
}

/** A block of addresses; what is none, Cilium refuses. */
export function blockMatcher(node: Node, block: string, exceptions: readonly string[] = []): PeerMatcher {
  try {
    return cidrMatcher(block, exceptions);
  } catch (error) {
    return node.fail((error as Error).message, "write one such as 203.0.113.0/24");
  }
}
