import type { LineCounts } from "./flatten-log.js";

/** What a run came to, in one line for a person: `179 lines: 119 flows, 1 unreadable, 59 other lines dropped`. */
export function summaryLine(counts: LineCounts): string {
  const parts = [
    counted(counts.flow, "flow", "flows"),
    counts.exportEvent > 0 && counted(counts.exportEvent, "other export event", "other export events"),
    counts.filtered > 0 && `${number(counts.filtered)} left out by the filters`,
    `${number(counts.unreadable)} unreadable`,
    counts.kept > 0
      ? `${counted(counts.kept, "other line", "other lines")} kept`
      : `${counted(counts.dropped, "other line", "other lines")} dropped`,
  ];
  return `${counted(counts.lines, "line", "lines")}: ${parts.filter(Boolean).join(", ")}`;
}

/** What to do about a log that has lines but no flow in it. */
export function noFlowsHint(counts: LineCounts): string | undefined {
  if (counts.flow + counts.unreadable > 0) return undefined;
  if (counts.filtered > 0) return "No flow passes the filters.";
  if (counts.lines === 0) return "The log is empty.";
  return "There is no Hubble flow in it: does Cilium's Hubble exporter write to this log (hubble.export, filePath: stdout)?";
}

function counted(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
