import { UserError } from "../../user-error.js";
import { ciliumPolicies } from "./cilium.js";
import { kubernetesPolicy } from "./kubernetes.js";
import { documentsOf, type Node } from "./node.js";
import type { CheckedPolicy } from "./policy.js";

const kinds = ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "NetworkPolicy"];

/**
 * Reads the policies of a file: YAML or JSON, several documents or a list of them, as `kubectl get -o yaml` prints it.
 * Resources of other kinds are passed over.
 * @throws UserError naming file and line, where it is no YAML, has no policy in it, or one that would be refused.
 */
export function readPolicies(file: string, content: string): CheckedPolicy[] {
  if (/"flow":\s*\{/.test(content.slice(0, 100_000)))
    throw new UserError(`${file}: it is a log: put -- in front of the logs`);
  const resources = documentsOf(file, content).flatMap((document) => document.list("items") ?? [document]);
  const policies = resources.filter((resource) => kinds.includes(resource.text("kind") ?? "")).flatMap(policiesOf);
  if (policies.length === 0) throw new UserError(`${file}: no policy in it; it takes ${kinds.join(", ")}`);
  return policies;
}

function policiesOf(resource: Node): CheckedPolicy[] {
  const kind = resource.text("kind")!;
  const metadata = resource.get("metadata");
  const name = metadata?.text("name");
  if (name === undefined) return resource.fail("it has no name", "write metadata.name");
  const namespace = kind === "CiliumClusterwideNetworkPolicy" ? "" : (metadata?.text("namespace") ?? "default");
  const title = `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
  return kind === "NetworkPolicy"
    ? [kubernetesPolicy(resource, title, namespace)]
    : ciliumPolicies(resource, title, namespace);
}
