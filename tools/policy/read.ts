import type { FilterHost } from "../host.js";
import { flattenLog, type LineCounts } from "../flatten/flatten-log.js";
import { readRows, type Source } from "../kusto/load.js";
import { logName, openLog } from "../logs/open-log.js";
import type { ObservedRow } from "./row.js";

/** The flows of a log as rows, by the filter. */
export async function* readFlows(
  { path, onBytes }: Source,
  host: FilterHost,
  counts: LineCounts,
): AsyncGenerator<ObservedRow> {
  const log = { name: logName(path), bytes: openLog(path, onBytes) };
  for await (const row of flattenLog(log, host, counts)) {
    if (row.kind === "flow") yield JSON.parse(row.json) as ObservedRow;
  }
}

/** Rows of HubbleFlows or of HubbleEdges, as `--rows` takes them. */
export async function* readObservedRows(source: Source): AsyncGenerator<ObservedRow> {
  for await (const row of readRows(source)) yield JSON.parse(row) as ObservedRow;
}
