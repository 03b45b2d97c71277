import { regexpTest } from "./go-regexp.js";

/** What stands for a cluster or node that a pattern leaves out. */
const ANY_NAME = String.raw`(?:[-0-9_a-z]+(?:\.[-0-9_a-z]+)*)`;

/** The cluster of a node whose name has none in front. */
const DEFAULT_CLUSTER = "default";

/**
 * Whether a name in a namespace is one of those given: `namespace/prefix`, `namespace/`, `/prefix`, or a prefix in the
 * namespace `default`; what stands behind a second slash is not looked at (pkg/hubble/k8s).
 */
export function namespacedNameTest(given: readonly string[]): (namespace: string, name: string) => boolean {
  const wanted = given.map((text) => {
    const [first = "", second] = text.split("/");
    return second === undefined ? { namespace: "default", prefix: first } : { namespace: first, prefix: second };
  });
  return (namespace, name) =>
    (namespace !== "" || name !== "") &&
    wanted.some((one) => name.startsWith(one.prefix) && (one.namespace === "" || one.namespace === namespace));
}

/** Whether a DNS name is one of the patterns given. */
export function fqdnTest(patterns: readonly string[]): (name: string) => boolean {
  return regexpTest([`\\A(?:${patterns.map(fqdnPattern).join("|")})\\z`]);
}

/** Whether a node, with its cluster in front or not, is one of the patterns given: `cluster/node`, or a node's. */
export function nodeNameTest(patterns: readonly string[]): (name: string) => boolean {
  const isNamed = regexpTest([`\\A(?:${patterns.map(nodeNamePattern).join("|")})\\z`]);
  return (name) => name !== "" && isNamed(name.includes("/") ? name : `${DEFAULT_CLUSTER}/${name}`);
}

function nodeNamePattern(pattern: string): string {
  const [cluster, node] = pattern.includes("/") ? (pattern.split("/") as [string, string]) : ["", pattern];
  const either = (part: string) => (part === "" ? ANY_NAME : fqdnPattern(part));
  return `${either(cluster)}/${either(node)}`;
}

function fqdnPattern(pattern: string): string {
  const plain = pattern.trim().replace(/\.$/, "").toLowerCase();
  return plain.replaceAll(".", String.raw`\.`).replaceAll("*", "[-.0-9a-z]*");
}
