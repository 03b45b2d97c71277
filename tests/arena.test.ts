import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FilterHost, filterFunctions } from "../tools/host.js";
import { filterModule, recordContext, recordTime } from "./support/modules.js";
import { copyIn, instantiate, PAGE, textAt, type RawFilter } from "./support/raw-filter.js";
import { readRow } from "./support/rows.js";
import { count } from "./support/thorough.js";

const flow = readFileSync(new URL("fixtures/golden/egress-denied.log", import.meta.url), "utf8").trimEnd();

/** Records of all kinds: as text, merged, one level down, not readable, no flow. */
const records = [
  JSON.stringify({ log: flow }),
  flow,
  `{"hubble":${flow}}`,
  JSON.stringify({ log: flow.slice(0, -1) }),
  JSON.stringify({ log: 'level=info msg="regenerating"' }),
  '{"lost_events":{"num_events_lost":1}}',
];

/** Enough for a page to show what a call leaves behind: 8 bytes here, one where there is time. */
const calls = count(65_536 / 8, 65_536);

const hosts = [true, false].flatMap((freesBuffers) =>
  (["process", "chunk"] as const).map((instance) => ({ freesBuffers, instance })),
);

function flowOf(length: number): string {
  const url = "x".repeat(length - 40);
  return JSON.stringify({ flow: { l7: { http: { url } } } });
}

describe.each(hosts)("in a host with frees: $freesBuffers and an instance per $instance", (options) => {
  it(`${calls} calls need no more memory than one of each kind`, () => {
    const host = new FilterHost(filterModule(), options);
    for (const record of records) host.filter(record, recordContext);
    const memory = host.memoryBytes;
    for (let call = 0; call < calls; call++) {
      if (call % 500 === 0) host.beginChunk();
      host.filter(records[call % records.length]!, recordContext);
    }
    expect(host.memoryBytes).toBe(memory);
  });
});

describe("a record of 16 MiB", () => {
  const large = flowOf(16 << 20);
  const shapes = { merged: large, text: JSON.stringify({ log: large }) };

  it.each(Object.entries(shapes))(
    "(%s) is a row, the next small one is too, and a second large one needs no more",
    (_, record) => {
      const host = new FilterHost(filterModule());
      const lengthOfUrl = () => (host.filterToObject(record)!["HTTPURL"] as string).length;
      expect(lengthOfUrl()).toBe((16 << 20) - 40);
      const memory = host.memoryBytes;
      expect(memory).toBeGreaterThan(2 * (16 << 20));
      expect(memory).toBeLessThan(8 * (16 << 20));
      expect(host.filterToObject(records[0]!)).toMatchObject({ Verdict: "DROPPED" });
      expect(lengthOfUrl()).toBe((16 << 20) - 40);
      expect(host.memoryBytes).toBe(memory);
    },
  );
});

describe("malloc", () => {
  it.each([-1, -(2 ** 31)])("returns 0 for %i bytes", (size) => {
    expect(instantiate().malloc(size)).toBe(0);
  });

  it("returns 0 for what a memory of 32 bits cannot hold", () => {
    const filter = instantiate();
    filter.malloc(2 ** 31 - 1);
    expect(filter.malloc(2 ** 31 - 1)).toBe(0);
  });

  it("returns 0 where the memory may not grow, and room again for the next call", () => {
    const filter = instantiate(24);
    expect(filter.malloc(1)).not.toBe(0);
    expect(filter.malloc(24 * PAGE)).toBe(0);
    expect(filter.hubble_flows(0, 0, 0, 0, 0, 24 * PAGE)).not.toBe(0);
    expect(rowOf(filter, records[0]!)).toMatchObject({ Verdict: "DROPPED" });
  });

  it("gives blocks of a call that do not overlap, and the same ones in the next call", () => {
    const filter = instantiate();
    const tag = filter.malloc(7);
    const record = filter.malloc(100);
    expect(tag).toBeGreaterThan(0);
    expect(record).toBeGreaterThanOrEqual(tag + 7);
    filter.hubble_flows(tag, 0, 0, 0, record, 0);
    filter.free(tag);
    filter.free(record);
    filter.free(0);
    expect([filter.malloc(7), filter.malloc(100)]).toEqual([tag, record]);
  });
});

/** Makes the calls of a host, without freeing. */
function rowOf(filter: RawFilter, record: string): unknown {
  const tag = copyIn(filter, "tag");
  const body = copyIn(filter, record);
  const { seconds, nanoseconds } = recordContext;
  return JSON.parse(
    textAt(filter, filter.hubble_flows(tag, 3, seconds!, nanoseconds!, body, Buffer.byteLength(record))),
  );
}

describe("without memory for the record", () => {
  it.each(filterFunctions)("%s returns a row with the record's timestamp and the reason", (functionName) => {
    const filter = instantiate();
    const { seconds, nanoseconds } = recordContext;
    const row = textAt(filter, filter[functionName](filter.malloc(4), 3, seconds!, nanoseconds!, 0, 123_456));
    expect(JSON.parse(row)).toEqual({
      TimeGenerated: recordTime,
      ParseError: expect.stringContaining("123456 bytes") as string,
    });
  });
});

describe("where the memory may not grow beyond 1.5 MiB", () => {
  const shapes = {
    "a merged flow": flowOf,
    "a flow as text": (length: number) => JSON.stringify({ log: flowOf(length) }),
    "text with escapes": (length: number) =>
      JSON.stringify({ log: JSON.stringify({ flow: { x: "\n".repeat(length / 3) } }) }),
    "a flow that cannot be read": (length: number) => JSON.stringify({ log: flowOf(length).slice(0, -1) }),
    "a node name with an escape": (length: number) => `{"flow":{"node_name":"\\u0061/${"x".repeat(length)}"}}`,
    "an event's node name with an escape": (length: number) =>
      `{"flow":{},"node_name":"\\u0061/${"x".repeat(length)}"}`,
    "many unknown fields": (length: number) =>
      `{"flow":{${Array.from({ length: length / 12 }, (_, i) => `"f${i}":${i}`).join(",")}}}`,
    "many keys of the record": (length: number) =>
      `{"flow":{},${Array.from({ length: length / 12 }, (_, i) => `"k${i}":${i}`).join(",")}}`,
    "many labels": (length: number) =>
      JSON.stringify({
        log: JSON.stringify({ flow: { source: { labels: Array(Math.floor(length / 8)).fill("k8s:a") } } }),
      }),
  };

  it.each(Object.entries(shapes))("%s of any size is a row or says that there is no memory", (_, recordOf) => {
    const filter = instantiate(24);
    const seen = { row: 0, noMemory: 0 };
    for (let length = 1000; length < 9 * PAGE; length += 3989) {
      const row = rowOf(filter, recordOf(length)) as Record<string, unknown>;
      expect(readRow(Buffer.from(JSON.stringify(row)))).not.toBeNull();
      if (/^no memory/.test(String(row["ParseError"]))) {
        seen.noMemory++;
        expect(Object.keys(row)).toEqual(["TimeGenerated", "ParseError"]);
      } else seen.row++;
    }
    expect(seen.row).toBeGreaterThan(5);
    expect(seen.noMemory).toBeGreaterThan(5);
    expect(rowOf(filter, records[0]!)).toMatchObject({ Verdict: "DROPPED" });
  });
});

it("a call that allocates nothing anew reads the record that lies there", () => {
  const filter = instantiate();
  const tag = copyIn(filter, "tag");
  const record = copyIn(filter, records[0]!);
  const call = () => textAt(filter, filter.hubble_flows(tag, 3, 0, 0, record, Buffer.byteLength(records[0]!)));
  const first = call();
  expect(JSON.parse(first)).toMatchObject({ Verdict: "DROPPED" });
  for (let again = 0; again < 1000; again++) expect(call()).toBe(first);
  expect(filter.memory.buffer.byteLength).toBe(instantiate().memory.buffer.byteLength);
});
