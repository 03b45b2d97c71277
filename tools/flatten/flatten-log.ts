import type { FilterHost } from "../host.js";
import { linesOf, toRecord, type Log } from "../logs/read-log.js";
import { timestampOf, type Timestamp } from "../logs/timestamp.js";
import { UserError } from "../user-error.js";

/** What the filter made of a line: a row of one of these kinds, or nothing. */
export type RowKind = "flow" | "exportEvent" | "unreadable" | "kept";

export interface Row {
  kind: RowKind;
  /** The row's JSON object, byte for byte as the filter returned it. */
  json: string;
  /** The timestamp of the record that the row was made from. */
  time: Timestamp;
}

/** How many lines became what. */
export interface LineCounts extends Record<RowKind, number> {
  lines: number;
  dropped: number;
  /** Left out by filters on flows. */
  filtered: number;
}

export function noLines(): LineCounts {
  return { lines: 0, flow: 0, exportEvent: 0, unreadable: 0, kept: 0, dropped: 0, filtered: 0 };
}

/**
 * Runs the lines of a log through the filter, as Fluent Bit would, and gives the rows in the order of the lines.
 * @param counts is kept up to date while rows are taken.
 * @param passes leaves lines out of which it does not hold; without it there are none.
 * @param now gives lines that bring no time of their own the time they were read, as Fluent Bit does.
 * @throws UserError naming the log and the line that cannot be read, or that the filter fails on.
 */
export async function* flattenLog(
  log: Log,
  host: FilterHost,
  counts: LineCounts,
  now: () => Date = () => new Date(),
  passes?: (line: string) => boolean,
): AsyncGenerator<Row> {
  host.beginChunk();
  for await (const line of linesOf(log)) {
    counts.lines += 1;
    if (passes && !passes(line.text)) {
      counts.filtered += 1;
      continue;
    }
    const time = line.time ?? timestampOf(now());
    const record = toRecord(line);
    const json = filter(host, record, time, () => `${log.name}:${line.number}`);
    if (json === undefined) {
      counts.dropped += 1;
      continue;
    }
    const kind = kindOf(json, record);
    counts[kind] += 1;
    yield { kind, json, time };
  }
}

function filter(host: FilterHost, record: string, time: Timestamp, where: () => string): string | undefined {
  try {
    const row = host.filter(record, time);
    return row ? Buffer.from(row.buffer, row.byteOffset, row.length).toString("utf8") : undefined;
  } catch (error) {
    throw new UserError(`${where()}: ${(error as Error).message}`, { cause: error });
  }
}

function kindOf(json: string, record: string): RowKind {
  if (json === record) return "kept";
  if (hasColumn(json, "ParseError")) return "unreadable";
  return hasColumn(json, "ExportEvent") ? "exportEvent" : "flow";
}

/** Parsing every row only for this would cost more than the filter itself. */
function hasColumn(json: string, column: string): boolean {
  return json.includes(`"${column}":`) && column in (JSON.parse(json) as object);
}
