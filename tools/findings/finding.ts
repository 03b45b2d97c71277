/**
 * Something to say about a place in a file. An `error` makes Cilium refuse the file or the flow log, a `warning` is
 * accepted and does not do what its author most likely wants, a `note` is worth knowing.
 */
export interface Finding {
  severity: "error" | "warning" | "note";
  file: string;
  /** From 1. */
  line: number;
  message: string;
  /** What to write or do instead. */
  remedy: string;
}

/** `file:line: severity: message` and, on a line of its own, the remedy. */
export function formatFinding({ file, line, severity, message, remedy }: Finding): string {
  return `${file}:${line}: ${severity}: ${message}\n    ${remedy}`;
}

const rank = { error: 0, warning: 1, note: 2 };

/** Errors first, then by line; a note that says the same of several places stands once, at the first. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => rank[a.severity] - rank[b.severity] || a.line - b.line);
  return sorted.filter(
    ({ severity, message }, i) =>
      severity !== "note" || sorted.findIndex((other) => other.severity === "note" && other.message === message) === i,
  );
}
