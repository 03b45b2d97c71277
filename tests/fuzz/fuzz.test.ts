import { describe, expect, test } from "vitest";
import { FilterHost, filterFunctions } from "../../tools/host.js";
import { filterModule } from "../support/modules.js";
import { count } from "../support/thorough.js";
import { readRow } from "../support/rows.js";
import { fuzz, memoryBound } from "./fuzzer.js";
import { largeShapes, mutateBytes } from "./mutate.js";
import { Random } from "./random.js";
import { RowChecker } from "./row-checker.js";
import { keptRecords, seedLines } from "./seeds.js";

const wasm = filterModule();
const seed = 20250123;

test("changed flows and bytes: no trap, every reply a sound row, bounded memory", () => {
  const report = fuzz({ wasm, lines: seedLines(), records: keptRecords(), seed, calls: count(75_000, 300_000) });
  expect(report.findings.map(({ problem, record }) => `${problem}: ${record.toString("latin1")}`)).toEqual([]);
  expect(report.rows).toBeGreaterThan(report.records / 20);
  expect(report.blocksRun).toBeGreaterThan(report.blockCount * 0.9);
});

describe("memory stays below its bound for the densest records", () => {
  test.each(largeShapes)("%s%s…%s", (start, piece, end) => {
    const text = start + piece.repeat((1 << 20) / piece.length) + end;
    for (const record of [text, JSON.stringify({ log: text })]) {
      for (const functionName of filterFunctions) {
        const host = new FilterHost(wasm, { functionName });
        host.filter(record);
        expect(host.memoryBytes).toBeLessThan(memoryBound.bytes + memoryBound.timesLargestRecord * record.length);
      }
    }
  });
});

test("the quick check of a row agrees with the thorough one", () => {
  const random = new Random(seed);
  const host = new FilterHost(wasm);
  const rows = seedLines().flatMap((line) => {
    const row = host.filter({ log: line, Cluster: "ä" });
    return row ? [Buffer.from(row)] : [];
  });
  rows.push(Buffer.from('{"a":1e308,"b":-1E+30,"c":[1e-9,9e99]}'));
  const verdicts = { sound: 0, unsound: 0 };
  const checker = new RowChecker();
  for (let i = 0; i < 20_000; i++) {
    const row = random.oneIn(10) ? random.pick(rows) : mutateBytes(smallPart(random.pick(rows), random), random);
    const quick = problemOf(() => checker.check(row));
    const thorough = problemOf(() => readThoroughly(row));
    if ((quick === undefined) !== (thorough === undefined)) {
      expect.unreachable(`${row.toString()}: ${quick ?? "sound"}, but ${thorough ?? "sound"}`);
    }
    verdicts[quick === undefined ? "sound" : "unsound"]++;
  }
  expect(verdicts.sound).toBeGreaterThan(2000);
  expect(verdicts.unsound).toBeGreaterThan(2000);
});

function readThoroughly(row: Buffer): void {
  readRow(row);
  JSON.parse(row.toString());
}

/** A row of a few members of the given one, so that a change of a few bytes often leaves it sound. */
function smallPart(row: Buffer, random: Random): Buffer {
  if (row.length < 100) return row;
  const members = Object.entries(JSON.parse(row.toString()) as Record<string, unknown>);
  const some = members.filter(() => random.oneIn(8));
  return Buffer.from(JSON.stringify(Object.fromEntries(some)));
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return String(error);
  }
}
