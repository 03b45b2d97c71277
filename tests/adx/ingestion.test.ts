import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageFile } from "../../tools/package-file.js";
import { loadSchema, type AdxType, type Column } from "../../tools/schema.js";
import type { Engine } from "../../tools/kusto/engine.js";
import { readMapping, type MappingEntry } from "../../tools/kusto/ingestion.js";
import { datetimeText, datetimeTicks } from "../../tools/text/ticks.js";
import { mappingProblems, typeProblems } from "./mapping.js";
import { policyProblems } from "./policies.js";
import { openEngine } from "../support/engine.js";

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const schema = loadSchema();
const types = Object.fromEntries(schema.columns.map(({ name, type }) => [name, type])) as Record<string, AdxType>;
const mapping = readMapping(read("adx/schema.kql"));

describe("the mapping", () => {
  test("fills every column of the table from the key of its name", () => {
    expect(mappingProblems(mapping, schema)).toEqual([]);
  });

  test("agrees with the types that the filter writes", () => {
    expect(typeProblems(schema)).toEqual([]);
  });

  const entry = (column: string, path = `$.log.${column}`): MappingEntry => ({ column, Properties: { Path: path } });
  const changed = (column: string, ...entries: MappingEntry[]) =>
    mapping.flatMap((original) => (original.column === column ? entries : [original]));

  test.each([
    ["a missing column", changed("UUID"), "UUID is not mapped"],
    ["a column that the table lacks", [...mapping, entry("Nope")], "Nope is not a column of the table"],
    ["a column mapped twice", changed("UUID", entry("UUID"), entry("UUID")), "UUID is mapped twice"],
    ["a path mapped twice", changed("UUID", entry("UUID", "$.log.Verdict")), "$.log.Verdict is mapped twice"],
    [
      "a key the filter can't emit",
      changed("UUID", entry("UUID", "$.log.uuid")),
      "$.log.uuid: the filter emits no such key",
    ],
    ["a path outside the log key", changed("UUID", entry("UUID", "$.UUID")), "$.UUID is not of the form $.log.<key>"],
    ["a path of another column", changed("UUID", entry("UUID", "$.log.SourceIP")), "$.log.SourceIP goes to UUID"],
  ])("the check finds %s", (_, broken, problem) => {
    expect(mappingProblems(broken, schema)).toContain(problem);
  });

  test("the check finds a type that can't take what is written", () => {
    const column: Column = { name: "L4Protocol", type: "int", path: "l4", rule: "presentKey" };
    expect(typeProblems({ ...schema, columns: [column] })).toEqual(["L4Protocol: presentKey writes string, not int"]);
  });
});

describe("the policies", () => {
  const policies = read("adx/policies.kql");

  test("are what the service accepts", () => {
    expect(policyProblems(policies)).toEqual([]);
  });

  test.each(["adx/deploy/bicep/main.bicep", "adx/deploy/terraform/main.tf"])("%s batches alike", (file) => {
    const limits = (text: string) =>
      [...text.matchAll(/(MaximumNumberOfItems|MaximumRawDataSizeMB)\W+(\d+)/g)].map(([, name, limit]) => [
        name,
        limit,
      ]);
    expect(limits(policies)).toHaveLength(2);
    expect(limits(read(file))).toEqual(limits(policies));
  });

  test.each([
    ["00:01:00", "00:00:05", 'MaximumBatchingTimeSpan: "00:00:05" is out of bounds'],
    ["00:01:00", "1m", 'MaximumBatchingTimeSpan: "1m" is out of bounds'],
    ['Items": 2000', 'Items": 0', "MaximumNumberOfItems: 0 is out of bounds"],
    ['SizeMB": 100', 'SizeMB": 8192', "MaximumRawDataSizeMB: 8192 is out of bounds"],
    ["MaximumRawDataSizeMB", "MaximumRawDataSize", "ingestion batching has no MaximumRawDataSize"],
    ["recoverability = enabled", "recoverability = on", "recoverability: on"],
    ["hot = 7d", "hot = 31d", "the cache outlasts the rows"],
  ])("the check finds %s changed to %s", (from, to, problem) => {
    expect(policies).toContain(from);
    expect(policyProblems(policies.replace(from, to))).toEqual([problem]);
  });
});

describe("a row goes through the mapping", () => {
  const files = rowFiles();

  test.each(files)("%s: every column arrives with its value", async (file) => {
    const all = rows(file);
    const arrived = await stored(all.map((row) => JSON.stringify(row)));
    expect(arrived).toHaveLength(all.length);
    for (const [index, row] of all.entries()) {
      const expected = Object.entries(row).filter(([key]) => key in types);
      expect(expected.length).toBeGreaterThan(0);
      for (const [column, value] of expected) expect(arrived[index]![column], column).toEqual(kept(column, value));
      const absent = Object.keys(types).filter((column) => !(column in row));
      for (const column of absent) expect(arrived[index]![column], column).toBe(types[column] === "string" ? "" : null);
    }
  });

  test("together the rows fill every column", () => {
    const filled = new Set(files.flatMap(rows).flatMap((row) => Object.keys(row)));
    expect(Object.keys(types).filter((column) => !filled.has(column))).toEqual([]);
  });

  test.each([
    ["text in a number column", { SourcePort: "443" }, { SourcePort: null }],
    ["a fraction in a number column", { LatencyNs: 1.5 }, { LatencyNs: null }],
    ["a number past 32 bits in an int column", { FileLine: 2 ** 31 }, { FileLine: null }],
    ["the last number of 32 bits", { FileLine: -(2 ** 31) }, { FileLine: -(2 ** 31) }],
    ["a number past 64 bits in a long column", { LatencyNs: 1e30 }, { LatencyNs: null }],
    ["text in a bool column", { Reply: "true" }, { Reply: null }],
    ["a number in a bool column", { Reply: 1 }, { Reply: null }],
    ["more than seven fraction digits", { TimeGenerated: "2025-01-23T07:59:23.501253423Z" }, { TimeGenerated: null }],
    ["a day that doesn't exist", { TimeGenerated: "2025-13-23T07:59:23Z" }, { TimeGenerated: null }],
    [
      "a time with an offset",
      { TimeGenerated: "2025-01-23T07:59:23+05:30" },
      { TimeGenerated: "2025-01-23T02:29:23Z" },
    ],
    ["an object over a mebibyte", { SourceLabels: ["x".repeat(1 << 20)] }, { SourceLabels: null }],
    ["a number in a string column", { UUID: 5 }, { UUID: "5" }],
    ["an object in a string column", { UUID: { a: [1] } }, { UUID: '{"a":[1]}' }],
    ["a null", { UUID: null, FileLine: null, SourceLabels: null }, { UUID: "", FileLine: null, SourceLabels: null }],
    ["a key in another case", { uuid: "x" }, { UUID: "" }],
    ["a NUL", { UUID: "a\0b" }, { UUID: "a\0b" }],
  ])("what is lost is what ADX loses: %s", async (_, row, expected) => {
    expect((await stored([JSON.stringify(row)]))[0]).toMatchObject(expected);
  });

  test("a string over a mebibyte is cut, between two characters", async () => {
    const long = `${"x".repeat((1 << 20) - 1)}ä`;
    expect((await stored([JSON.stringify({ RawMessage: long })]))[0]!.RawMessage).toBe(long.slice(0, -1));
  });

  // No reader of UTF-8 can keep them; DuckDB would take the whole row for no JSON.
  test.each([
    [String.raw`{"UUID":"a\ud800b"}`, "a\ufffdb"],
    [String.raw`{"UUID":"\udc00\ud83d\ude00"}`, "\ufffd😀"],
    [String.raw`{"UUID":"\\ud800"}`, String.raw`\ud800`],
  ])("the lone surrogate in %s", async (json, text) => {
    expect((await stored([json]))[0]!.UUID).toBe(text);
  });
});

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

/** The rows as they lie in the table, dynamics as their values. */
async function stored(lines: string[]): Promise<Record<string, unknown>[]> {
  const before = await engine.count();
  for (const line of lines) await engine.add(line);
  const [result] = await engine.query("HubbleFlows");
  return result!.rows.slice(before).map((row) =>
    Object.fromEntries(
      result!.columns.map(({ name, type }, index) => {
        const value = row[index]!;
        return [name, type === "dynamic" && value !== null ? (JSON.parse(value as string) as unknown) : value];
      }),
    ),
  );
}

/** A value as its column keeps it. */
function kept(column: string, value: unknown): unknown {
  if (types[column] === "string") return text(value);
  return types[column] === "datetime" ? datetimeText(datetimeTicks(value as string)!) : value;
}

/** Rows written by hand, which fill every column, and what the filter gives for each golden log. */
function rowFiles(): string[] {
  const golden = readdirSync(packageFile("tests/fixtures/golden")).filter((name) => name.endsWith("-expected.json"));
  return ["tests/fixtures/adx/rows.jsonl", ...golden.map((name) => `tests/fixtures/golden/${name}`)];
}

function rows(file: string): Record<string, unknown>[] {
  const values = file.endsWith(".jsonl")
    ? read(file)
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown)
    : (JSON.parse(read(file)) as unknown[]);
  return values.filter((row) => row !== null) as Record<string, unknown>[];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
