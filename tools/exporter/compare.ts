import { each, formatTable } from "../flatten/table.js";
import type { TableLayout, TableOptions } from "../flatten/table.js";
import { buildFlowLogs } from "./build.js";
import { newestVersion } from "../flow-filter/accepted.js";
import { presets } from "./presets.js";
import type { Trial } from "./trial.js";
import { tryLogs } from "./try-log.js";
import type { Tried } from "./try-log.js";
import { amount, bytes, gigabytes, ratesOf } from "./try-text.js";

/**
 * The presets, tried on logs, as a table of what each would export.
 * @param nodes for so many, else for as many as the log has.
 * @throws UserError naming the log that cannot be read.
 */
export async function* comparePresets(
  paths: readonly string[],
  nodes: number | undefined,
  options: TableOptions,
): AsyncGenerator<string> {
  const words = presets.map((preset) => preset.words);
  const flowLogs = buildFlowLogs(words, { version: newestVersion, now: new Date() });
  const tried = await tryLogs(flowLogs, paths);
  yield* formatTable(each(tried.trials), layoutFor(tried, nodes), options);
  const count = nodes ?? tried.nodes;
  yield `\nOf ${amount(tried.events)} events of ${amount(tried.nodes)} ${tried.nodes === 1 ? "node" : "nodes"} in ${amount(tried.seconds)} seconds of a node; a day on ${amount(count)} ${count === 1 ? "node" : "nodes"}.\n`;
  yield "A log can only tell of what its own exporter was told to write into it.\n";
}

function layoutFor(tried: Tried, nodes: number | undefined): TableLayout<Trial> {
  const titles = ["Preset", "Events", "Lines", "Bytes", "Lines/day", "Bytes/day", "ADX GB/day"];
  return {
    columns: titles.map((title) => ({ title, minWidth: 6, maxWidth: 40 })),
    cells: (trial) => {
      const rate = ratesOf(trial, tried, nodes);
      const day = (value: number) => value * 86_400 * rate!.nodes;
      const daily = rate ? [amount(day(rate.lines)), bytes(day(rate.bytes)), gigabytes(rate)] : ["?", "?", "?"];
      const all = [trial.flowLog.name, amount(trial.passed.count), amount(trial.lines), bytes(trial.bytes), ...daily];
      return all.map((text) => ({ text }));
    },
  };
}
