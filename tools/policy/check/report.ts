import { printable } from "../../text/cell-text.js";
import { counted, spanOf } from "../words.js";
import type { Checked } from "./check.js";
import type { Answer } from "./policy.js";

/** What the policies would do to the flows, for a person. */
export interface Report {
  lines: string[];
  isDenied: boolean;
}

/** Tells what would be denied and why, what cannot be told, and how much would pass. */
export function reportOf(checked: readonly Checked[]): Report {
  const of = (verdict: Answer["verdict"]) => checked.filter(({ answer }) => answer.verdict === verdict);
  const denied = of("denied");
  const unknown = of("unknown");
  const byFlows = (a: Checked, b: Checked) => b.evidence.flows - a.evidence.flows;
  const lines = [
    ...denied.sort(byFlows).map((one) => `denied: ${lineOf(one)}\n    ${whyDenied(one.answer)}`),
    ...unknown.sort(byFlows).map((one) => `cannot tell: ${lineOf(one)}\n    ${whyUnknown(one.answer)}`),
    [
      `${denied.length} denied`,
      ...(unknown.length > 0 ? [`${unknown.length} that flows cannot tell`] : []),
      `${of("allowed").length} allowed`,
      `${of("unselected").length} that no policy is about`,
    ].join(", "),
  ];
  return { lines: lines.map((line) => line.split("\n").map(printable).join("\n")), isDenied: denied.length > 0 };
}

function lineOf({ direction, evidence, request }: Checked): string {
  const asked = request === undefined ? "" : `, ${printable(request)}`;
  const { example } = evidence;
  return `${direction}, ${printable(example)}${asked} (${counted(evidence.flows)}, ${spanOf(evidence)})`;
}

function whyDenied({ by, enforcing }: Answer): string {
  if (by) return `${placeOf(by)} denies it`;
  return `no rule allows it: ${enforcing.map(({ file, line, title }) => `${file}:${line} ${title}`).join(", ")}`;
}

function whyUnknown({ by }: Answer): string {
  return `${by ? placeOf(by) : "a rule"} is about what flows do not tell: a port's name, a group, a service, headers`;
}

function placeOf({ policy, rule }: NonNullable<Answer["by"]>): string {
  return `${policy.file}:${rule.line} ${policy.title} ${rule.path}`;
}
