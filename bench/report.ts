import Table from "cli-table3";
import type { EmbeddedCost } from "./embedded.js";
import type { Cost } from "./measure.js";
import { PEER, type NamedPipeline } from "./pipelines.js";
import type { Throughput } from "./threads.js";

/** The costs of the pipelines on one input: µs a record and the ratio to the LuaJIT pipeline where it took part. */
export function costTable(costs: Cost[], pipelines: readonly NamedPipeline[]): string {
  const peer = costs.find(({ pipeline }) => pipeline === PEER);
  const table = newTable(["pipeline", "µs / record", "least", "× LuaJIT", "least", "peak MiB"], 1);
  for (const cost of costs) {
    const described = pipelines.find(({ name }) => name === cost.pipeline);
    const isBase = !described;
    const ratio = (of: number, to: number | undefined) => (isBase || !to ? "" : (of / to).toFixed(2));
    table.push([
      described ? `${cost.pipeline}: ${described.description}` : "tail and the CRI parser (taken off the others)",
      cost.microseconds.toFixed(1),
      cost.leastMicroseconds.toFixed(1),
      ratio(cost.microseconds, peer?.microseconds),
      ratio(cost.leastMicroseconds, peer?.leastMicroseconds),
      cost.peakMebibytes?.toFixed(0) ?? "",
    ]);
  }
  return table.toString();
}

/** One line for a pipeline and one column for a size or a count: µs a record, and the peak memory. */
export function seriesTable(heads: string[], series: Cost[][]): string {
  const table = newTable(["pipeline", ...heads], 1);
  for (const [index, { pipeline }] of series[0]!.entries()) {
    const cells = series.map((costs) => {
      const { microseconds, peakMebibytes } = costs[index]!;
      return `${microseconds.toFixed(1)} µs${peakMebibytes ? `, ${peakMebibytes.toFixed(0)} MiB` : ""}`;
    });
    table.push([pipeline, ...cells]);
  }
  return table.toString();
}

export function threadsTable(throughputs: Throughput[]): string {
  const table = newTable(["pipeline", "inputs", "threaded", "records / s", "× one input, not threaded"], 3);
  for (const { pipeline, inputs, threaded, recordsPerSecond } of throughputs) {
    const one = throughputs.find((other) => other.pipeline === pipeline && other.inputs === 1 && !other.threaded)!;
    const times = (recordsPerSecond / one.recordsPerSecond).toFixed(2);
    table.push([pipeline, inputs, threaded ? "on" : "off", Math.round(recordsPerSecond), times]);
  }
  return table.toString();
}

export function embeddedTable(costs: EmbeddedCost[]): string {
  const table = newTable(["input", "record", "µs / record"], 2);
  for (const { input, shape, microseconds } of costs) table.push([input, shape, microseconds.toFixed(2)]);
  return table.toString();
}

/** A table whose first `textColumns` columns are text, the others numbers. */
function newTable(head: string[], textColumns: number): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, index) => (index < textColumns ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
}
