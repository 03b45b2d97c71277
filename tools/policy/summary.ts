import { printable } from "../text/cell-text.js";
import type { Composed } from "./compose.js";
import type { Exchanges } from "./exchange.js";
import { deniedLine } from "./render.js";
import { counted } from "./words.js";

const shown = 10;

/** What came of the flows, for a person: what is written, what is left out, and what is missing. */
export function summaryOf(gathered: Exchanges, composed: Composed, unsayable: readonly string[]): string[] {
  const { policies, unselected, leftOut } = composed;
  const denied = policies.flatMap((policy) =>
    policy.denied.map((one) => `${policy.namespace}/${policy.workload}: ${deniedLine(one)}`),
  );
  const unwritable = policies.flatMap(({ name, unwritable }) =>
    unwritable.map(
      ({ reason, evidence }) =>
        `${name}: ${counted(evidence.flows)} cannot be written (${evidence.example}): ${reason}.`,
    ),
  );
  const unsure = gathered.skipped.get("unsure of the direction") ?? 0;
  const lines = [
    `${policies.length} ${policies.length === 1 ? "policy" : "policies"}. It is what these flows needed: what they do not show is denied.`,
    ...bounded(denied),
    ...bounded(unwritable),
    ...bounded(unselected.map(({ reason, evidence }) => `${counted(evidence.flows)}: ${reason}.`)),
    ...bounded(unsayable.map((title) => `${title}: its pods have no label that a NetworkPolicy selects by.`)),
    ...leftOut.map((namespace) => `Left out: ${namespace}; name it with --namespace.`),
    ...(unsure > 0
      ? [
          `Left out: ${counted(unsure)} of which nothing says whether they are requests or replies (no is_reply, no SYN, no telling port).`,
        ]
      : []),
  ];
  return lines.map(printable);
}

function bounded(lines: readonly string[]): string[] {
  return lines.length > shown
    ? [...lines.slice(0, shown), `… and ${lines.length - shown} more such lines`]
    : [...lines];
}
