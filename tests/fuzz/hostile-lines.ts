import { isUtf8 } from "node:buffer";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { stringify } from "yaml";
import { FilterHost, type RecordContext } from "../../tools/host.js";
import { criRegexParser, deepStack, jsonParser, run, type FluentBit, type Plugin } from "../support/fluent-bit.js";
import { filterModule } from "../support/modules.js";
import { mutateBytes, mutateText } from "./mutate.js";
import { Random } from "./random.js";
import { brokenValues, seedLines } from "./seeds.js";

interface HostilePipeline {
  tail: Record<string, unknown>;
  parsers: Plugin[];
  filters: Plugin[];
  /** Whether lines reach the filter as objects, which Fluent Bit itself has to hold. */
  merges: boolean;
}

/** Ways in which lines reach the filter. */
export const pipelines: Record<string, HostilePipeline> = {
  "a regex parser's message": { tail: { parser: "cri_regex" }, parsers: [criRegexParser], filters: [], merges: false },
  "multiline.parser cri's log": { tail: { "multiline.parser": "cri" }, parsers: [], filters: [], merges: false },
  "merged by filter parser": {
    tail: { parser: "cri_regex" },
    parsers: [criRegexParser, jsonParser],
    filters: [{ name: "parser", match: "*", key_name: "message", parser: "json", reserve_data: true }],
    merges: true,
  },
};

/**
 * The most levels of arrays and objects that a Fluent Bit is sent. A record of more makes it lose all that follows in
 * the chunk, with or without the filter: docs/filter.md has the limits.
 */
const mostLevels = ({ version }: FluentBit): number => (version.startsWith("3.") ? 31 : 63);

/** A deeper text is unreadable to the filter, so that its row is flat. */
const deepestText = 64;

/**
 * Whether Fluent Bit 3 reads a line as another: halves of an escaped surrogate pair, integers beyond 64 bits, and bytes
 * that are no UTF-8, behind which it reads on beyond the end of the text.
 */
const isMisreadByVersion3 = (line: Buffer): boolean =>
  /\\u[dD][89a-fA-F]|\d{19}/.test(line.toString("latin1")) || !isUtf8(line);

/** Whether a Fluent Bit cannot carry a line, whatever the filter. */
function isBeyond(fluentBit: FluentBit, { merges }: HostilePipeline, line: Buffer): boolean {
  if (fluentBit.version.startsWith("3.") && isMisreadByVersion3(line)) return true;
  const levels = levelsOf(line);
  return levels > mostLevels(fluentBit) && (merges || levels <= deepestText);
}

export interface HostileRun {
  /** Lines sent. */
  lines: number;
  /** Lines not sent, because Fluent Bit itself cannot carry them. */
  leftOut: number;
  /** Records that Fluent Bit made of the lines. */
  records: number;
  rows: number;
  unreadable: number;
  dropped: number;
  /** Rows that are not what the embedded host makes of the record, the first few. */
  differences: string[];
  /** Errors and warnings of filters in Fluent Bit's log. */
  complaints: string[];
}

/** Lines of a container's log, each a flow or a line of the agent, most of them changed. */
export function* hostileLines(count: number, seed: number): Generator<Buffer> {
  const random = new Random(seed);
  const lines = seedLines();
  for (let i = 0; i < count; i++) {
    let text = random.pick(lines);
    if (!random.oneIn(8)) text = mutateText(text, lines, random);
    if (random.oneIn(50)) text = random.pick(brokenValues);
    let line: Buffer = Buffer.from(text);
    if (random.oneIn(8)) line = mutateBytes(line, random);
    yield Buffer.concat([criPrefix, Buffer.from(line.filter((byte) => byte !== 0x0a)), newline]);
  }
}

/** How deep arrays and objects nest in a line, or in what is left of them. */
function levelsOf(line: Buffer): number {
  let level = 0;
  let most = 0;
  for (const [bracket] of line.toString("latin1").matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (bracket === "[" || bracket === "{") most = Math.max(most, ++level);
    else if (bracket === "]" || bracket === "}") level--;
  }
  return most;
}

const criPrefix = Buffer.from("2026-01-02T03:04:05.060700Z stdout F ");
const newline = Buffer.from("\n");

/**
 * Sends lines through a Fluent Bit twice, without the filter and with it, and holds the rows of the second run against
 * what the embedded host makes of the records of the first.
 */
export async function runHostileLines(
  fluentBit: FluentBit,
  wasmPath: string,
  pipeline: keyof typeof pipelines,
  options: { lines: number; seed: number },
): Promise<HostileRun> {
  const directory = await mkdtemp(join(tmpdir(), "hubble-adx-hostile-"));
  try {
    const input = join(directory, "input.log");
    const stream = createWriteStream(input);
    const { tail, parsers, filters } = pipelines[pipeline]!;
    let leftOut = 0;
    for (const line of hostileLines(options.lines, options.seed)) {
      if (isBeyond(fluentBit, pipelines[pipeline]!, line)) {
        leftOut++;
        continue;
      }
      if (!stream.write(line)) await once(stream, "drain");
    }
    stream.end();
    await finished(stream);

    const runWith = async (name: string, more: Plugin[]): Promise<string> => {
      const file = join(directory, `${name}.yaml`);
      const configuration = {
        service: { flush: 0.2, grace: 60, log_level: "info", ...deepStack },
        parsers,
        pipeline: {
          inputs: [
            {
              name: "tail",
              path: input,
              read_from_head: true,
              exit_on_eof: true,
              buffer_chunk_size: "1M",
              buffer_max_size: "64M",
              ...tail,
            },
          ],
          ...(filters.length + more.length > 0 ? { filters: [...filters, ...more] } : {}),
          outputs: [{ name: "file", match: "*", path: directory, file: name, format: "plain" }],
        },
      };
      await writeFile(file, stringify(configuration));
      const { log } = await run(fluentBit.path, ["-c", file]);
      return log;
    };
    await runWith("records", []);
    const log = await runWith("rows", [
      { name: "wasm", match: "*", wasm_path: wasmPath, function_name: "hubble_flows" },
    ]);
    return {
      lines: options.lines - leftOut,
      leftOut,
      ...(await compare(join(directory, "records"), join(directory, "rows"))),
      complaints: log.split("\n").filter((line) => /\[ *(error|warn)\] \[filter/.test(line)),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The timestamp of all lines. */
const context: RecordContext = { seconds: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, nanoseconds: 60_700_000 };

async function compare(
  recordsFile: string,
  rowsFile: string,
): Promise<Omit<HostileRun, "lines" | "leftOut" | "complaints">> {
  const host = new FilterHost(filterModule());
  const rows = linesOf(rowsFile)[Symbol.asyncIterator]();
  const result = { records: 0, rows: 0, unreadable: 0, dropped: 0, differences: [] as string[] };
  for await (const record of linesOf(recordsFile)) {
    result.records++;
    const expected = host.filter(record, context);
    if (expected === null) {
      result.dropped++;
      continue;
    }
    result.rows++;
    const expectedText = Buffer.from(expected).toString();
    if (expectedText.includes('"ParseError":')) result.unreadable++;
    const row = (await rows.next()) as IteratorResult<string, undefined>;
    const difference = row.done ? `no row for ${expectedText}` : differenceOf(expectedText, row.value);
    if (difference !== undefined && result.differences.length < 20) result.differences.push(difference);
  }
  for (let row = await rows.next(); !row.done && result.differences.length < 20; row = await rows.next()) {
    result.differences.push(`a row that no record gives: ${String(row.value)}`);
  }
  return result;
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

function differenceOf(expected: string, row: string): string | undefined {
  if (expected === row) return undefined;
  const one = valuesOf(expected);
  const other = valuesOf(row);
  const different = [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
  if (different.length === 0) return undefined;
  return different
    .map((name) => `${name}: ${partsThatDiffer(one.get(name) ?? "nothing", other.get(name) ?? "nothing")}`)
    .join("; ");
}

/** Both texts without what they share at both ends, but for a few characters. */
function partsThatDiffer(expected: string, found: string): string {
  const shared = 30;
  let start = 0;
  while (start < expected.length && expected[start] === found[start]) start++;
  let end = 0;
  while (end < expected.length - start && expected.at(-1 - end) === found.at(-1 - end)) end++;
  const part = (text: string): string =>
    text.slice(Math.max(0, start - shared), text.length - Math.max(0, end - shared));
  return `${part(expected)} expected, ${part(found)} found`;
}

/** A row's values as texts that are the same for the same value, however Fluent Bit has written it. */
function valuesOf(row: string): Map<string, string> {
  try {
    const values = JSON.parse(row) as Record<string, unknown>;
    return new Map(
      Object.entries(values).map(([name, value]) => [
        withoutStrayBytes(name),
        withoutStrayBytes(JSON.stringify(value, normalize)),
      ]),
    );
  } catch (error) {
    return new Map([["row", `${String(error)} in ${row}`]]);
  }
}

/**
 * Fluent Bit writes bytes that are no UTF-8 as U+FFFD or as characters for private use, as many and in such a way as what
 * stands around them makes it: other in a row than in the record.
 */
function withoutStrayBytes(text: string): string {
  return text.replace(/[\ufffd\ue000-\ue0ff]+/g, "\ufffd");
}

/** Fluent Bit holds numbers as doubles and 64-bit integers, and prints 17 digits at the most. */
function normalize(_name: string, value: unknown): unknown {
  if (typeof value === "number") return value.toPrecision(13);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort());
}
