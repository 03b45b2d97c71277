import { readFileSync, readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { FilterHost, type RecordContext } from "../../tools/host.js";
import { packageFile } from "../../tools/package-file.js";
import * as arbitraries from "../support/arbitraries/record.js";
import { nodeLog } from "../support/arbitraries/node-log.js";
import { corpusFile } from "../support/corpus.js";
import { hostileInputs, recordOfText } from "../support/hostile.js";
import { filterFunctions, recordContext, type FilterFunction } from "../support/modules.js";
import { rowText } from "../support/rows.js";
import { loadRuleCases } from "../support/rules.js";

// A process that holds a mutant of the filter against the filter itself, over the records of the tests that compare
// every reply: golden, rules, hostile, corpus, and the properties' for one seed. The filter passes those tests, so a
// reply that says something else fails one of them. Ends at the first.

/** Records for one instance of the module. */
interface Series {
  name: string;
  functionName: FilterFunction;
  records: (string | Uint8Array)[];
  context: RecordContext;
}

const time = { seconds: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, nanoseconds: 60_700_800 };
const textKeys = ["log", "message", "LogMessage", "MESSAGE", "msg"];
const sample = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 300), seed: 1 };

function* allSeries(): Generator<Series> {
  for (const functionName of filterFunctions) {
    const series = (name: string, records: Series["records"], context: RecordContext = recordContext): Series => ({
      name,
      functionName,
      records,
      context,
    });
    const lines = goldenLines();
    yield series("golden", lines.flatMap(inShapes), time);
    const rules = [...loadRuleCases().values()].flat().filter(({ functions }) => functions.includes(functionName));
    yield series(
      "rules",
      rules.flatMap(({ records }) => records.map(({ text }) => text)),
    );
    yield series(
      "hostile texts",
      hostileInputs("texts.txt").map(({ bytes }) => recordOfText(bytes)),
    );
    yield series(
      "hostile records",
      hostileInputs("records.txt").map(({ bytes }) => bytes),
    );
    for (const file of ["flows.ndjson", "other-events.ndjson", "nonflow.txt"]) {
      const text = corpusFile(file, `the records of ${file}`) ?? "";
      yield series(file, text.split("\n").filter(Boolean).flatMap(inShapes));
    }
    const { flowRecord, otherEventRecord, eventlessRecord, damagedRecord } = arbitraries;
    for (const arbitrary of [
      flowRecord.map(({ record }) => record),
      otherEventRecord,
      eventlessRecord,
      damagedRecord,
    ]) {
      yield series("properties", fc.sample(arbitrary, sample));
    }
    yield series("log of a node", fc.sample(nodeLog, { ...sample, numRuns: sample.numRuns / 3 }).flat());
  }
}

function goldenLines(): string[] {
  const folder = packageFile("tests/fixtures/golden/");
  const logs = readdirSync(folder).filter((name) => name.endsWith(".log"));
  return logs.flatMap((log) => readFileSync(new URL(log, folder), "utf8").trimEnd().split("\n"));
}

function inShapes(line: string): string[] {
  const prefixed = `2026-01-02T03:04:05Z stdout F ${line}\n`;
  const texts = textKeys.flatMap((key) => [{ [key]: line }, { stream: "stdout", [key]: prefixed }]);
  return [...texts.map((record) => JSON.stringify(record)), line, `{"kubernetes":{"flow":1},"merged":${line}}`];
}

/** What a module makes of a series, one by one; a trap ends it. */
function* replies(module: WebAssembly.Module, { functionName, records, context }: Series) {
  const host = new FilterHost(module, { functionName });
  for (const record of records) yield host.filter(record, context);
}

const all = [...allSeries()];
const module = (wasm: Uint8Array) => new WebAssembly.Module(new Uint8Array(wasm));
/** What the filter makes of them: the first module that comes is the filter. */
let expected: (Uint8Array | null)[][] | undefined;

/** Whether a build of the filter says something else. */
function isDifferent(mutant: WebAssembly.Module): boolean {
  return all.some((series, index) => {
    let place = 0;
    try {
      for (const reply of replies(mutant, series)) {
        const wanted = expected![index]![place]!;
        if (!saysTheSame(reply, wanted, series.records[place]!, series.name === "golden")) return true;
        place++;
      }
      return false;
    } catch {
      return true;
    }
  });
}

function saysTheSame(
  reply: Uint8Array | null,
  wanted: Uint8Array | null,
  record: string | Uint8Array,
  toTheLetter: boolean,
): boolean {
  if (reply === null || wanted === null) return reply === wanted;
  const text = Buffer.from(wanted);
  if (text.equals(reply)) return true;
  // What passes unchanged, passes byte for byte.
  if (text.equals(Buffer.from(record))) return false;
  if (toTheLetter) return isDeepStrictEqual(JSON.parse(Buffer.from(reply).toString()), JSON.parse(text.toString()));
  return rowText(reply) === rowText(wanted);
}

process.on("message", (wasm: Uint8Array) => {
  const isFirst = expected === undefined;
  expected ??= all.map((series) => [...replies(module(wasm), series)]);
  process.send!(!isFirst && isDifferent(module(wasm)));
});
