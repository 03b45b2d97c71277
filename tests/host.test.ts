import { beforeAll, describe, expect, it } from "vitest";
import { FilterHost, type FilterHostOptions } from "../tools/host.js";
import { compileProbeFilter } from "./support/probe-filter.js";

let probe: WebAssembly.Module;

beforeAll(async () => {
  probe = new WebAssembly.Module(new Uint8Array(await compileProbeFilter()));
});

function hostOf(functionName: string, options: FilterHostOptions = {}): FilterHost {
  return new FilterHost(probe, { functionName, ...options });
}

interface Report {
  tag: string;
  numbers: number[];
}

function reportOf(host: FilterHost, record: string, context?: Parameters<FilterHost["filter"]>[1]) {
  const { tag, numbers } = host.filterToObject(record, context) as unknown as Report;
  const [tagLength, seconds, nanoseconds, recordLength, tagNul, recordNul, hasRecord, ...rest] = numbers;
  const [allocations, allocated, frees, calls] = rest;
  const seen = { tag, tagLength, seconds, nanoseconds, recordLength, tagNul, recordNul, hasRecord };
  return { ...seen, allocations, allocated, frees, calls };
}

describe("a call", () => {
  it("allocates tag and record with their NULs and passes lengths in bytes without them", () => {
    const record = '{"log":"größe"}';
    expect(reportOf(hostOf("report"), record, { tag: "kube.ä", seconds: 1737619163, nanoseconds: 501253423 })).toEqual({
      tag: "kube.ä",
      tagLength: 7,
      seconds: 1737619163,
      nanoseconds: 501253423,
      recordLength: Buffer.byteLength(record),
      tagNul: 0,
      recordNul: 0,
      hasRecord: 1,
      allocations: 2,
      allocated: 7 + 1 + Buffer.byteLength(record) + 1,
      frees: 0,
      calls: 1,
    });
  });

  it("passes seconds beyond 2^31 unsigned", () => {
    expect(reportOf(hostOf("report"), "{}", { seconds: 4_000_000_000 }).seconds).toBe(4_000_000_000);
  });

  it("passes 0 for a record that the module cannot allocate, with its length", () => {
    const record = `{"log":"${"x".repeat(1 << 20)}"}`;
    expect(reportOf(hostOf("report"), record)).toMatchObject({ hasRecord: 0, recordLength: record.length });
  });

  it("takes bytes, text and objects", () => {
    const host = hostOf("echo");
    for (const record of [Buffer.from('{"log":"ü"}'), '{"log":"ü"}', { log: "ü" }]) {
      expect(Buffer.from(host.filter(record)!).toString()).toBe('{"log":"ü"}');
    }
  });

  it.each([true, false])("copies the result before it calls the module again (frees buffers: %s)", (freesBuffers) => {
    const host = hostOf("echo", { freesBuffers });
    const first = host.filter('{"a":1}')!;
    expect(Buffer.from(first).toString()).toBe('{"a":1}');
    host.filter('{"b":2}');
    expect(Buffer.from(first).toString()).toBe('{"a":1}');
  });

  it("gives null for an empty string", () => {
    expect(hostOf("drop").filter("{}")).toBeNull();
  });
});

describe("hosts differ", () => {
  it("in freeing both buffers after the call", () => {
    const frees = (freesBuffers: boolean) => {
      const host = hostOf("report", { freesBuffers });
      host.filter("{}");
      return reportOf(host, "{}").frees;
    };
    expect(frees(true)).toBe(2);
    expect(frees(false)).toBe(0);
  });

  it("in the life of an instance", () => {
    const callsOfSecondChunk = (instance: "process" | "chunk") => {
      const host = hostOf("report", { instance });
      host.filter("{}");
      host.beginChunk();
      return reportOf(host, "{}").calls;
    };
    expect(callsOfSecondChunk("process")).toBe(2);
    expect(callsOfSecondChunk("chunk")).toBe(1);
  });

  it("reports the memory that the module has grown to", () => {
    const host = hostOf("report");
    const before = host.memoryBytes;
    host.filter("{}");
    expect(host.memoryBytes).toBe(before + 65536);
  });
});

describe("failures", () => {
  it("names the function that traps", () => {
    expect(() => hostOf("trap").filter("{}")).toThrow(/^trap trapped: unreachable/);
  });

  it("refuses a result without an end", () => {
    expect(() => hostOf("endless").filter("{}")).toThrow(/endless returned \d+, where no NUL-terminated string/);
  });

  it("refuses a result outside the memory", () => {
    expect(() => hostOf("outside").filter("{}")).toThrow(/outside returned 4294967280, where no NUL-terminated string/);
  });

  it("names the export that is missing", () => {
    expect(() => hostOf("hubble_flow")).toThrow("the module exports no function hubble_flow");
    const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    expect(() => new FilterHost(empty)).toThrow("the module exports no function malloc");
  });

  it("refuses bytes that are no module", () => {
    expect(() => new FilterHost(Buffer.from("no wasm"))).toThrow(WebAssembly.CompileError);
  });
});
