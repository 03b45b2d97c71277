import type { EmbeddedCost } from "./embedded.js";
import type { KqlCost } from "./kql.js";
import type { Cost } from "./measure.js";
import { PEER, type NamedPipeline } from "./pipelines.js";
import type { Throughput } from "./threads.js";

/** The costs of the pipelines on one input: µs a record and the ratio to the LuaJIT pipeline where it took part. */
export function costTable(costs: Cost[], pipelines: readonly NamedPipeline[]): string {
  const peer = costs.find(({ pipeline }) => pipeline === PEER);
  const rows = costs.map((cost) => {
    const described = pipelines.find(({ name }) => name === cost.pipeline);
    const isBase = !described;
    const ratio = (of: number, to: number | undefined) => (isBase || !to ? "" : (of / to).toFixed(2));
    return [
      described ? `${cost.pipeline}: ${described.description}` : "tail and the CRI parser (taken off the others)",
      cost.microseconds.toFixed(1),
      cost.leastMicroseconds.toFixed(1),
      ratio(cost.microseconds, peer?.microseconds),
      ratio(cost.leastMicroseconds, peer?.leastMicroseconds),
      cost.peakMebibytes?.toFixed(0) ?? "",
    ];
  });
  return markdownTable(["pipeline", "µs / record", "least", "× LuaJIT", "least", "peak MiB"], 1, rows);
}

/** One line for a pipeline and one column for a size or a count: µs a record, and the peak memory. */
export function seriesTable(heads: string[], series: Cost[][]): string {
  const rows = series[0]!.map(({ pipeline }, index) => {
    const cells = series.map((costs) => {
      const { microseconds, peakMebibytes } = costs[index]!;
      return `${microseconds.toFixed(1)} µs${peakMebibytes ? `, ${peakMebibytes.toFixed(0)} MiB` : ""}`;
    });
    return [pipeline, ...cells];
  });
  return markdownTable(["pipeline", ...heads], 1, rows);
}

export function threadsTable(throughputs: Throughput[]): string {
  const rows = throughputs.map(({ pipeline, processes, inputs, threaded, recordsPerSecond }) => {
    const first = throughputs.find((other) => other.pipeline === pipeline)?.recordsPerSecond;
    const layout = [pipeline, String(processes), String(inputs), threaded ? "on" : "off"];
    if (recordsPerSecond === undefined || first === undefined) return [...layout, "does not start", ""];
    return [...layout, recordsPerSecond.toFixed(0), (recordsPerSecond / first).toFixed(2)];
  });
  return markdownTable(["pipeline", "processes", "inputs each", "threaded", "records / s", "× first"], 4, rows);
}

export function kqlTable(costs: KqlCost[]): string {
  const rows = costs.map((cost) => [
    cost.flows.toLocaleString("en"),
    cost.loadSeconds.toFixed(1),
    `${(cost.slowestMilliseconds / 1000).toFixed(2)} (${cost.slowest})`,
    cost.peakMebibytes.toFixed(0),
  ]);
  return markdownTable(["flows", "loaded after, s", "slowest function, s", "peak MiB"], 0, rows);
}

export function embeddedTable(costs: EmbeddedCost[]): string {
  const rows = costs.map(({ input, shape, microseconds }) => [input, shape, microseconds.toFixed(2)]);
  return markdownTable(["input", "record", "µs / record"], 2, rows);
}

/** A Markdown table, padded for people, whose first `textColumns` columns are text and the others numbers. */
function markdownTable(head: string[], textColumns: number, rows: string[][]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const padded = (cells: string[]) =>
    line(
      cells.map((cell, column) =>
        column < textColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      ),
    );
  const rule = widths.map((width, column) => (column < textColumns ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [padded(head), line(rule), ...rows.map(padded)].join("\n");
}
