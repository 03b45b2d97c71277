import { flowLines } from "../kusto/production.js";

/** Lines of the exporter with the given UUIDs, each with a time of its own at its end, as real ones have it. */
export function exportedLines(uuids: readonly string[]): string[] {
  return flowLines(uuids).map((line, index) => {
    const nanoseconds = /\d+$/.exec(uuids[index]!)![0].padStart(9, "0");
    return `${line.slice(0, -1)},"time":"2026-01-02T03:04:05.${nanoseconds}Z"}`;
  });
}
