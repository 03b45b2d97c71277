import type { Direction } from "../sighting.js";
import { blockMatcher } from "./cilium.js";
import { requirement } from "./labels.js";
import { either, labelMatcher, type PeerMatcher } from "./matcher.js";
import type { Node } from "./node.js";
import { checkedPolicy, type CheckedPolicy, type CheckedRule } from "./policy.js";
import { namespaceKey, namespaceLabels, ofNamespace, requirementsOf } from "./selector.js";
import { portMatch } from "./traffic.js";

/**
 * A NetworkPolicy, as Cilium takes it (pkg/k8s/network_policy.go of 1.20.2).
 * @throws UserError naming the place that Kubernetes would refuse.
 */
export function kubernetesPolicy(resource: Node, title: string, namespace: string): CheckedPolicy {
  const spec = resource.get("spec");
  if (!spec) return resource.fail("it has no spec", "write its rules under spec");
  const pods = spec.get("podSelector");
  const subject = [ofNamespace(namespace), ...(pods ? requirementsOf(pods, "k8s:") : [])];
  const types = spec.texts("policyTypes") ?? ["Ingress", ...(spec.list("egress") ? ["Egress"] : [])];
  const rules = [...rulesOf(spec, "ingress", namespace), ...rulesOf(spec, "egress", namespace)];
  const enforces = (["ingress", "egress"] as const).filter(
    (direction) =>
      types.includes(direction === "ingress" ? "Ingress" : "Egress") ||
      rules.some((rule) => rule.direction === direction),
  );
  return checkedPolicy(spec, title, subject, enforces, rules);
}

function rulesOf(spec: Node, direction: Direction, namespace: string): CheckedRule[] {
  return (spec.list(direction) ?? []).map((node, i) => {
    const peers = (node.list(direction === "egress" ? "to" : "from") ?? []).map((peer) => peerOf(peer, namespace));
    const ports = (node.list("ports") ?? []).map((port) =>
      portMatch(port.text("port") ?? "0", port.text("protocol") ?? "TCP", port.text("endPort")),
    );
    return {
      path: `${direction}[${i}]`,
      line: node.line,
      direction,
      isDeny: false,
      peer:
        peers.length === 0 ? () => "yes" : (peer, subject) => either(...peers.map((matches) => matches(peer, subject))),
      traffic: ({ service }) => (ports.length === 0 ? "yes" : either(...ports.map((matches) => matches(service)))),
    };
  });
}

function peerOf(peer: Node, namespace: string): PeerMatcher {
  const block = peer.get("ipBlock");
  if (block) return blockMatcher(block, block.text("cidr") ?? "", block.texts("except"));
  const [pods, namespaces] = [peer.get("podSelector"), peer.get("namespaceSelector")];
  const own = pods ? requirementsOf(pods, "k8s:") : [];
  if (!namespaces) return labelMatcher([...own, ofNamespace(namespace)]);
  const place = requirementsOf(namespaces, `k8s:${namespaceLabels}`).map((one) =>
    // Kubernetes labels every namespace with its name, and flows have it twice.
    one.key === `${namespaceLabels}kubernetes.io/metadata.name` ? { ...one, key: namespaceKey } : one,
  );
  return labelMatcher([...own, ...(place.length > 0 ? place : [requirement(`k8s:${namespaceKey}`, "Exists", [])])]);
}
