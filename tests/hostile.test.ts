import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { hostileInputs, recordOfText, type Verdict } from "./support/hostile.js";
import { parseJson, JsonObject, isWellFormed } from "./support/json.js";
import { filterFunctions, reference, scanner, type Filter, type FilterFunction } from "./support/modules.js";
import { readRow, rowText } from "./support/rows.js";
import { count } from "./support/thorough.js";

let filter: Filter;
let readable: Filter;
beforeAll(() => {
  filter = scanner();
  readable = reference();
});

/**
 * Inputs of which filter and reference make rows that differ: they have a key twice outside the flow, and the rules
 * leave open which of the two stands there.
 */
const openInputs = new Set([
  "row_duplicate_flow",
  "row_duplicate_key_beside_flow",
  "row_log_twice",
  "row_merged_flow_twice",
  "row_empty_keys",
  "row_record_key_twice",
]);

/** What the filter makes of a record, checked for soundness and, unless `isOpen`, against the reference in these functions. */
function verdictOf(
  record: Uint8Array,
  isOpen = false,
  functions: readonly FilterFunction[] = filterFunctions,
): Verdict {
  for (const functionName of functions) {
    if (isOpen) expect(readRow(filter(functionName, record))).not.toBeNull();
    else {
      const [reply, expected] = [filter(functionName, record), readable(functionName, record)];
      const found = outcome(reply, record);
      // Of equal bytes the rows are alike; reading them a second time takes longer than both modules.
      if (!isEqual(reply, expected)) expect(found, functionName).toBe(outcome(expected, record));
    }
  }
  const row = readRow(filter("hubble_flows", record));
  if (row) return row.has("ParseError") && row.has("RawMessage") ? "unreadable" : "row";
  const kept = filter("hubble_flows_keep", record);
  if (kept === null) return "refused";
  if (isSoundObject(record)) expect(Buffer.from(kept).equals(record)).toBe(true);
  expect(isSoundObject(kept)).toBe(true);
  return "dropped";
}

function isEqual(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.from(one).equals(other);
}

function outcome(reply: Uint8Array | null, record: Uint8Array): string {
  return reply !== null && Buffer.from(reply).equals(record) ? "unchanged" : rowText(reply);
}

/** Whether every JSON reader takes the bytes for an object. */
function isSoundObject(bytes: Uint8Array): boolean {
  try {
    const value = parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return value instanceof JsonObject && isWellFormed(value);
  } catch {
    return false;
  }
}

describe("texts.txt", () => {
  it.each(hostileInputs("texts.txt"))("$name", ({ name, verdict, bytes }) => {
    expect(verdictOf(recordOfText(bytes), openInputs.has(name))).toBe(verdict);
  });
});

describe("records.txt", () => {
  it.each(hostileInputs("records.txt"))("$name", ({ name, verdict, bytes }) => {
    expect(verdictOf(bytes, openInputs.has(name))).toBe(verdict);
  });
});

const golden = readFileSync(new URL("fixtures/golden/egress-denied.log", import.meta.url)).subarray(0, -1);
const start = '{"flow"'.length;

/** Of thousands of records, each in one of the functions in turn; in all of them where there is time. */
function inTurn(index: number): readonly FilterFunction[] {
  const first = index % filterFunctions.length;
  return count(1, filterFunctions.length) > 1 ? filterFunctions : filterFunctions.slice(first, first + 1);
}

describe("the golden line", () => {
  it("cut anywhere is unreadable as text, and no flow before it is known to be one", () => {
    for (let length = 0; length < golden.length; length++) {
      const verdict = verdictOf(recordOfText(golden.subarray(0, length)), false, inTurn(length));
      expect(verdict, `after ${length} bytes`).toBe(length < start ? "dropped" : "unreadable");
    }
  });

  it("cut anywhere is no record", () => {
    for (const record of [golden, recordOfText(golden)]) {
      for (let length = 0; length < record.length; length++) {
        expect(filter("hubble_flows_keep", record.subarray(0, length)), `after ${length} bytes`).toBeNull();
        expect(filter("hubble_events", record.subarray(0, length)), `after ${length} bytes`).toBeNull();
      }
    }
  });

  it.each(['"', "\\", "{", "}", ",", "\0", "\n", "0", "\xff"])("with %j for any of its bytes", (character) => {
    const verdicts = new Set<Verdict>();
    // Every byte meets two or more of them.
    const step = count(3, 1);
    for (let at = character.charCodeAt(0) % step; at < golden.length; at += step) {
      const text = Buffer.from(golden);
      text.write(character, at, "latin1");
      verdicts.add(verdictOf(recordOfText(text), false, inTurn(at + character.charCodeAt(0))));
      const row = readRow(filter("hubble_flows", text));
      expect(row && row.has("ParseError"), `merged, at ${at}`).not.toBe(true);
    }
    expect(verdicts).toContain("unreadable");
    expect(verdicts).not.toContain("refused");
  });
});

describe("every control character", () => {
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code));
  const isSpace = (control: string) => "\t\n\r".includes(control);

  it.each(controls)("%j", (control) => {
    const text = (line: string) => verdictOf(recordOfText(Buffer.from(line)));
    expect(text(`{"flow":{"Summary":"${control}"}}`)).toBe("unreadable");
    expect(text(`{"flow":{"${control}":1}}`)).toBe("unreadable");
    expect(text(`{"flow":{"Summary":${JSON.stringify(control)}}}`)).toBe("row");
    expect(text(`{"flow":${control}{"source"${control}:{}${control},"x":[${control}1]}}${control}`)).toBe(
      isSpace(control) ? "row" : "unreadable",
    );
    expect(verdictOf(Buffer.from(`{"flow":{"Summary":"${control}"}}`))).toBe("refused");
    expect(verdictOf(Buffer.from(`{"flow":${control}{}}`))).toBe(isSpace(control) ? "row" : "refused");
  });
});

describe("depth", () => {
  const nested = (depth: number, open: string, close: string) =>
    Buffer.from(`{"flow":{"x":${open.repeat(depth)}1${close.repeat(depth)}}}`);

  it.each([
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"":', "}]"],
  ])("of 100,000 %s is unreadable as text and a row where Fluent Bit has read it", (open, close) => {
    const event = nested(100_000, open, close);
    expect(readRow(filter("hubble_flows", recordOfText(event)))!.has("ParseError")).toBe(true);
    // No JSON parser of ours reads this deep: its brackets tell that it is whole.
    const row = Buffer.from(filter("hubble_flows", event)!).toString();
    expect(
      row.endsWith(`"AdditionalFields":{"x":${event.subarray('{"flow":{"x":'.length).toString().slice(0, -1)}}`),
    ).toBe(true);
  });

  it.each(["[", "{", '{"a":', '[{"flow":'])("of 100,000 %s that nothing closes", (open) => {
    const text = Buffer.from(`{"flow":${open.repeat(100_000)}`);
    expect(readRow(filter("hubble_flows", recordOfText(text)))!.has("ParseError")).toBe(true);
    expect(filter("hubble_flows_keep", text)).toBeNull();
    expect(filter("hubble_flows", Buffer.from(`{"x":${open.repeat(100_000)}`))).toBeNull();
  });
});

// Linear work takes milliseconds here, quadratic work minutes.
describe("100,000", { timeout: 10_000 }, () => {
  const times = (write: (index: number) => string) =>
    Array.from({ length: 100_000 }, (_, index) => write(index)).join(",");
  const unknown = times((index) => `"field_${index}":${index}`);
  const same = times((index) => `"x":${index}`);

  const cases: [name: string, event: string, expected: Record<string, unknown>][] = [
    ["unknown fields", `{"flow":{${unknown}}}`, {}],
    ["unknown fields of a container", `{"flow":{"source":{${unknown}}}}`, {}],
    ["fields of the same name", `{"flow":{${same}}}`, { AdditionalFields: { x: 99_999 } }],
    ["empty fields", `{"flow":{${times((index) => `"":${index}`)}}}`, { AdditionalFields: { "": 99_999 } }],
    ["verdicts", `{"flow":{${times((index) => `"verdict":${index}`)}}}`, { Verdict: 99_999 }],
    ["sources", `{"flow":{${times((index) => `"source":{"pod_name":"${index}"}`)}}}`, { SourcePodName: "99999" }],
    [
      "misfits of the same name",
      `{"flow":{${times((index) => `"verdict":[${index}]`)}}}`,
      { AdditionalFields: { verdict: [99_999] } },
    ],
    ["protocols", `{"flow":{"l4":{${unknown}}}}`, { L4Protocol: "field_0" }],
    ["flags", `{"flow":{"l4":{"TCP":{"flags":{${times((index) => `"F${index}":true`)}}}}}}`, { L4Protocol: "TCP" }],
    ["flags of wrong type", `{"flow":{"l4":{"TCP":{"flags":{${unknown}}}}}}`, { L4Protocol: "TCP" }],
    ["labels", `{"flow":{"source":{"labels":[${times((index) => `"k${index}"`)}]}}}`, {}],
    [
      "workloads",
      `{"flow":{"source":{"workloads":[${times((index) => `{"name":"w${index}"}`)}]}}}`,
      { SourceWorkloadName: "w0" },
    ],
    ["policies", `{"flow":{"egress_denied_by":[${times((index) => `{"name":"p${index}"}`)}]}}`, { PolicyName: "p0" }],
    ["keys beside the flow", `{"flow":{},${unknown}}`, { field_0: 0, field_99999: 99_999 }],
    ["keys of the same name beside the flow", `{"flow":{},${same}}`, {}],
    ["flows", `{${times((index) => `"flow":{"uuid":"${index}"}`)}}`, {}],
  ];

  it.each(cases)("%s", (_, event, expected) => {
    for (const record of [event, JSON.stringify({ log: event })]) {
      const began = performance.now();
      const reply = filter("hubble_flows", record);
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(JSON.parse(Buffer.from(reply!).toString())).toMatchObject(expected);
    }
  });

  it("nested flows", () => {
    const record = `{${times((index) => `"k${index}":{"flow":{"uuid":"${index}"}}`)}}`;
    const began = performance.now();
    const row = filter("hubble_flows", record);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(JSON.parse(Buffer.from(row!).toString())).toMatchObject({ UUID: "0" });
  });

  it("texts that start like a flow", () => {
    const record = `{${times((index) => `"log":"{\\"flow\\":{\\"uuid\\":\\"${index}\\""`)}}`;
    const began = performance.now();
    const row = filter("hubble_flows", record);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(JSON.parse(Buffer.from(row!).toString())).toHaveProperty("ParseError");
  });
});

describe("a value of 4 MiB", () => {
  it.each([
    ["of backslashes", "\\\\".repeat(1 << 21)],
    ["of quotes", '\\"'.repeat(1 << 21)],
    ["of escapes", "\\u00e4".repeat(700_000)],
    ["of surrogate pairs", "\\ud83d\\ude00".repeat(350_000)],
    ["of text outside ASCII", "ä".repeat(1 << 21)],
    ["of braces", "{".repeat(1 << 22)],
  ])("%s is whole in its column", (_, content) => {
    const event = `{"flow":{"Summary":"${content}","source":{"labels":["${content}"]},"x":"${content}"}}`;
    const value = JSON.parse(`"${content}"`) as string;
    for (const record of [event, JSON.stringify({ log: event })]) {
      const row = JSON.parse(Buffer.from(filter("hubble_flows", record)!).toString()) as Record<string, unknown>;
      // Compared as a whole, a difference would be printed as a whole.
      const values = [
        row["Summary"],
        (row["SourceLabels"] as string[])[0],
        (row["AdditionalFields"] as { x: string }).x,
      ];
      expect(values.map((one) => one === value)).toEqual([true, true, true]);
    }
  });
});
