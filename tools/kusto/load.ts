import type { FilterFunction } from "../host.js";
import { logName, openLog } from "../logs/open-log.js";
import type { LineCounts } from "../flatten/flatten-log.js";
import { flattenInThread } from "../flatten/flatten-thread.js";
import { charactersPerBatch, rowBatch, type RowBatch } from "../flatten/row-batch.js";
import { linesOf } from "../logs/read-log.js";
import { loadSchema, type AdxType } from "../schema.js";
import { UserError } from "../user-error.js";
import { BatchedStore } from "./batched-store.js";
import type { Engine } from "./engine.js";
import { isWholeJson, rowsOfResponse } from "./response.js";

/** Where rows come from. */
export interface Source {
  /** A file, or `-` for standard input. */
  path: string;
  /** Is told the size of each chunk as it lies in the file. */
  onBytes?: (count: number) => void;
}

/**
 * Loads the flows of a log, through the filter, as Fluent Bit and ingestion would.
 * @param counts is kept up to date.
 * @param functionName the filter's; `hubble_events` takes the exporter's other events too.
 */
export async function loadLog(
  engine: Engine,
  { path, onBytes }: Source,
  counts: LineCounts,
  functionName: FilterFunction = "hubble_events",
): Promise<void> {
  const log = { name: logName(path), bytes: openLog(path, onBytes) };
  await storeAll(engine, flattenInThread(log, functionName, counts));
}

async function storeAll(engine: Engine, batches: AsyncIterable<RowBatch>): Promise<void> {
  const store = new BatchedStore(async (given) => {
    await engine.store(given);
    await engine.compress();
  });
  for await (const batch of batches) await store.push(batch);
  await store.flush();
}

/**
 * Loads rows: JSON lines as `flatten --format json` writes them, an export of the table out of Azure Data Explorer, or an
 * answer of its REST API, where dynamics may stand as texts and bools as 0 and 1.
 * @returns how many rows there were.
 * @throws UserError naming the file and the line that is no row.
 */
export async function loadRows(engine: Engine, source: Source): Promise<number> {
  let rows = 0;
  const counted = async function* () {
    for await (const batch of readRowBatches(source)) {
      rows += batch.rows;
      yield batch;
    }
  };
  await storeAll(engine, counted());
  return rows;
}

/** The rows that `loadRows` loads, as the engine takes them. */
export async function* readRowBatches(source: Source): AsyncGenerator<RowBatch> {
  let rows: string[] = [];
  let characters = 0;
  for await (const row of readRows(source)) {
    rows.push(row);
    characters += row.length;
    if (characters < charactersPerBatch) continue;
    yield rowBatch(rows);
    rows = [];
    characters = 0;
  }
  if (rows.length > 0) yield rowBatch(rows);
}

/** The rows that `loadRows` loads, as JSON objects for the engine. */
export async function* readRows({ path, onBytes }: Source): AsyncGenerator<string> {
  const types = new Map<string, AdxType>(loadSchema().columns.map(({ name, type }) => [name, type]));
  const name = logName(path);
  const whole: string[] = [];
  let isFirst = true;
  for await (const { text, number } of linesOf({ name, bytes: openLog(path, onBytes) })) {
    if (whole.length === 0 && text.trim() === "") continue;
    if (whole.length > 0 || (isFirst && isWholeJson(text))) whole.push(text);
    else yield readRow(text, types, `${name}:${number}`);
    isFirst = false;
  }
  if (whole.length > 0) yield* readResponse(whole.join("\n"), types, name);
}

function* readResponse(text: string, types: ReadonlyMap<string, AdxType>, name: string): Generator<string> {
  const remedy = "--rows takes rows as JSON lines, or an answer of Azure Data Explorer's REST API";
  let rows: Record<string, unknown>[] | undefined;
  try {
    rows = rowsOfResponse(JSON.parse(text));
  } catch (error) {
    throw new UserError(`${name}: not valid JSON (${(error as Error).message}); ${remedy}`, { cause: error });
  }
  if (!rows) throw new UserError(`${name}: no rows in it; ${remedy}`);
  for (const [index, row] of rows.entries()) yield readRow(JSON.stringify(row), types, `${name}, row ${index + 1}`);
}

function readRow(text: string, types: ReadonlyMap<string, AdxType>, where: string): string {
  const row = parseObject(text, where);
  const names = Object.keys(row);
  if (!names.some((name) => types.has(name))) {
    const remedy =
      "flow" in row
        ? "it is a line of Hubble's exporter: leave --rows out"
        : "--rows takes rows of HubbleFlows as JSON lines";
    throw new UserError(`${where}: no column of HubbleFlows; ${remedy}`);
  }
  let isChanged = false;
  for (const name of names) {
    const value = row[name];
    const type = types.get(name);
    const exported = type === "dynamic" ? dynamicOfText(value) : type === "bool" ? boolOfNumber(value) : value;
    if (exported !== value) isChanged = true;
    row[name] = exported;
  }
  // As it came, wherever it can: JSON.stringify would round large numbers.
  return isChanged ? JSON.stringify(row) : text;
}

function parseObject(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${where}: not valid JSON (${(error as Error).message}); --rows takes one JSON object a line`, {
      cause: error,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(`${where}: not a JSON object; --rows takes one a line`);
  }
  return value as Record<string, unknown>;
}

function dynamicOfText(value: unknown): unknown {
  if (value === "") return null;
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function boolOfNumber(value: unknown): unknown {
  return value === 0 || value === 1 ? value === 1 : value;
}
