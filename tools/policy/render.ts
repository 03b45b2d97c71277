import { isSeq, type visitor } from "yaml";
import { yamlOf } from "../text/yaml.js";
import { printable } from "../text/cell-text.js";
import { ciliumHead, ciliumRules, type Written } from "./cilium.js";
import type { Evidence } from "./exchange.js";
import { kubernetesHead, kubernetesRules, unsaid } from "./kubernetes.js";
import type { Denied, Policy } from "./model.js";
import type { Direction } from "./sighting.js";
import { counted, spanOf } from "./words.js";

export type PolicyFormat = "cilium" | "kubernetes";

const shownDenied = 20;

/** Policies as YAML documents, every rule below what is known of it. */
export function renderPolicies(policies: readonly Policy[], format: PolicyFormat): string {
  return policies.map((policy) => renderPolicy(policy, format)).join("---\n");
}

function renderPolicy(policy: Policy, format: PolicyFormat): string {
  const rulesOf = format === "cilium" ? ciliumRules : kubernetesRules;
  const [ingress, egress] = [rulesOf(policy, "ingress"), rulesOf(policy, "egress")];
  const head = format === "cilium" ? ciliumHead(policy) : kubernetesHead(policy);
  const spec = {
    ...(head.spec as Record<string, unknown>),
    ...(ingress ? { ingress: ingress.map(({ rule }) => rule) } : {}),
    ...(egress ? { egress: egress.map(({ rule }) => rule) } : {}),
  };
  const comments = { ingress: ingress ?? [], egress: egress ?? [] };
  return yamlOf({ ...head, spec }, headComment(policy, format).map(printable), commented(comments));
}

/** Puts what is known of a rule above it. */
function commented(written: Record<Direction, readonly Written[]>): visitor {
  return {
    Pair(_, { key, value }, path) {
      const direction = (key as { value?: unknown }).value;
      if ((direction !== "ingress" && direction !== "egress") || !isSeq(value) || path.length !== 4) return;
      for (const [index, item] of value.items.entries()) {
        const lines = linesOf(written[direction][index]);
        if (lines.length > 0)
          (item as { commentBefore?: string }).commentBefore = lines.map((line) => ` ${printable(line)}`).join("\n");
      }
    },
  };
}

function linesOf(written: Written | undefined): string[] {
  if (!written) return [];
  const { evidence, notes } = written;
  return [...(evidence.flows > 0 ? [seenLine(evidence)] : []), ...notes];
}

function seenLine(evidence: Evidence): string {
  return `${counted(evidence.flows)}, ${spanOf(evidence)}, e.g. ${evidence.example}`;
}

function headComment(policy: Policy, format: PolicyFormat): string[] {
  const { cluster, namespace, workload, alsoSelects, denied, unwritable } = policy;
  const place = cluster === "" ? "" : ` of cluster ${cluster}`;
  const lines = [`What ${namespace}/${workload}${place} was seen to need.`];
  if (alsoSelects.length > 0) {
    lines.push(`Its labels select these too, so their flows are in it: ${alsoSelects.join(", ")}.`);
  }
  for (const one of unwritable)
    lines.push(`Cannot be written: ${one.direction}, ${seenLine(one.evidence)}: ${one.reason}.`);
  if (format === "kubernetes") lines.push(...unsaid(policy).map((line) => `A NetworkPolicy cannot say: ${line}.`));
  const sorted = [...denied].sort(
    (a, b) => b.evidence.flows - a.evidence.flows || (deniedLine(a) < deniedLine(b) ? -1 : 1),
  );
  lines.push(...sorted.slice(0, shownDenied).map(deniedLine));
  if (sorted.length > shownDenied) lines.push(`Denied, and left out: ${sorted.length - shownDenied} more.`);
  return lines;
}

/** One line on what was denied. */
export function deniedLine({ direction, outcome, services, evidence, deniedBy }: Denied): string {
  const by = deniedBy.length > 0 ? ` by ${deniedBy.join(", ")}` : "";
  const why = {
    forbidden: `a deny rule forbids it${by}`,
    refused: "the L7 proxy refused it",
    missing: "no rule allows it",
  };
  const more = services > 1 ? ` and ${services - 1} more ${services === 2 ? "service" : "services"}` : "";
  return `Denied, and left out: ${direction}, ${seenLine(evidence)}${more}: ${why[outcome]}.`;
}
