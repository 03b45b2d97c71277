import { requirement, type Requirement } from "./labels.js";
import type { Node } from "./node.js";

const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/**
 * The conditions of a label selector.
 * @param prefix goes in front of every key.
 * @throws UserError naming the place that is no selector.
 */
export function requirementsOf(selector: Node, prefix = ""): Requirement[] {
  if (!selector.isMap) selector.fail("it is no label selector", "write { matchLabels: { … } }");
  const labels = selector.get("matchLabels");
  const equal = (labels?.keys ?? []).map((key) => requirement(prefix + key, "In", [labels!.text(key) ?? ""]));
  const expressions = (selector.list("matchExpressions") ?? []).map((node) => {
    const operator = operators.find((one) => one === node.text("operator"));
    if (!operator) node.fail("its operator is none", `write one of ${operators.join(", ")}`);
    return requirement(prefix + (node.text("key") ?? ""), operator!, node.texts("values") ?? []);
  });
  return [...equal, ...expressions];
}

export const namespaceKey = "io.kubernetes.pod.namespace";
export const namespaceLabels = "io.cilium.k8s.namespace.labels.";

/** The condition that a pod is of a namespace. */
export function ofNamespace(namespace: string): Requirement {
  return requirement(`k8s:${namespaceKey}`, "In", [namespace]);
}
