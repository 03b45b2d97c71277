import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeConfiguration } from "./fluent-bit/configuration.js";
import type { FluentBit } from "../tests/support/fluent-bit.js";
import { runFluentBit } from "./fluent-bit/process.js";
import type { NamedPipeline } from "./pipelines.js";

type Row = Record<string, unknown>;

/** Runs a pipeline over a log file. Returns its rows as text whose keys are sorted, in sorted order. */
async function rowsOf(fluentBit: FluentBit, pipeline: NamedPipeline, input: string, directory: string) {
  const rowsFile = "rows.json";
  const file = join(directory, rowsFile);
  rmSync(file, { force: true });
  const configuration = writeConfiguration(directory, `rows-${pipeline.name}`, {
    files: [input],
    filters: pipeline.filters,
    rowsFile: file,
  });
  await runFluentBit(fluentBit, configuration);
  // Fluent Bit makes the file with the first row.
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.stringify(sorted(JSON.parse(line))))
    .sort();
}

/**
 * Checks that a pipeline's rows are those of another one, whatever their order and the order of their keys.
 * @returns the number of rows.
 * @throws Error that names the columns of the first row that differs, with both values.
 */
export async function checkSameRows(
  fluentBit: FluentBit,
  pipeline: NamedPipeline,
  wanted: NamedPipeline,
  input: string,
  directory: string,
): Promise<number> {
  const expected = await rowsOf(fluentBit, wanted, input, directory);
  const found = await rowsOf(fluentBit, pipeline, input, directory);
  const missing = withoutThoseOf(expected, found);
  const surplus = withoutThoseOf(found, expected);
  if (!missing.length && !surplus.length) return expected.length;
  const pair =
    missing[0] && surplus[0] ? differences(missing[0], surplus) : `first of them: ${missing[0] ?? surplus[0]}`;
  throw new Error(
    `${pipeline.name} makes other rows than ${wanted.name}: ${found.length} and ${expected.length} rows, ` +
      `${missing.length} of ${wanted.name} missing. ${pair}`,
  );
}

/** The rows of `rows` that `others` lacks, as often as it lacks them. */
function withoutThoseOf(rows: string[], others: string[]): string[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = counts.get(row) ?? 0;
    counts.set(row, count - 1);
    return count <= 0;
  });
}

/** Where the row differs from the one among `others` that is of the same flow, or else from the first of them. */
function differences(text: string, others: string[]): string {
  const row = JSON.parse(text) as Row;
  const candidates = others.map((other) => JSON.parse(other) as Row);
  const other = candidates.find(({ UUID }) => UUID !== undefined && UUID === row.UUID) ?? candidates[0]!;
  const columns = [...new Set([...Object.keys(row), ...Object.keys(other)])];
  return columns
    .filter((column) => JSON.stringify(row[column]) !== JSON.stringify(other[column]))
    .map((column) => `${column}: ${JSON.stringify(other[column])} in place of ${JSON.stringify(row[column])}`)
    .join("; ");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
