import { describe, expect, it } from "vitest";
import { loadSchema } from "../tools/schema.js";
import { scanner } from "./support/modules.js";

const filter = scanner();
const row = (functionName: "hubble_flows" | "hubble_events", record: string) => {
  const reply = filter(functionName, record);
  return reply && (JSON.parse(Buffer.from(reply).toString()) as Record<string, unknown>);
};
const event = '{"flow":{"uuid":"x"}}';

/** The key with each of its characters another letter, one after the other, and with one more and one less. */
function* nearly(key: string): Generator<string> {
  for (let at = 0; at < key.length; at++) {
    for (const other of ["x", "E", "_", "t"]) {
      if (key[at] !== other) yield key.slice(0, at) + other + key.slice(at + 1);
    }
  }
  yield `${key}x`;
  yield `x${key}`;
  yield key.slice(1);
  yield key.slice(0, -1);
}

describe("a key is told by every byte", () => {
  const textKeys = ["log", "message", "LogMessage", "MESSAGE", "msg"];

  it.each(textKeys)("%s, which holds text", (key) => {
    expect(row("hubble_flows", JSON.stringify({ [key]: event }))).toHaveProperty("UUID", "x");
    for (const other of nearly(key)) {
      if (!textKeys.includes(other)) expect(row("hubble_flows", JSON.stringify({ [other]: event })), other).toBeNull();
    }
  });

  it("flow", () => {
    for (const other of nearly("flow")) expect(row("hubble_flows", `{"${other}":{"uuid":"x"}}`), other).toBeNull();
  });

  it.each(loadSchema().exportEvents)("%s, another event", (key) => {
    const value = { node_name: { x: 1 } };
    expect(row("hubble_events", JSON.stringify({ [key]: value }))).toHaveProperty("ExportEvent", key);
    for (const other of nearly(key)) expect(row("hubble_events", JSON.stringify({ [other]: value })), other).toBeNull();
  });

  it.each([
    ["node_name", "c/n", "NodeName", "n"],
    ["time", "2025-01-23T07:59:23Z", "TimeGenerated", "2025-01-23T07:59:23Z"],
  ])("%s, beside the flow", (key, value, column, cell) => {
    const made = row("hubble_flows", JSON.stringify({ flow: { uuid: "x" }, [key]: value }))!;
    expect(made[column]).toBe(cell);
    expect(made).not.toHaveProperty(key);
    for (const other of nearly(key)) {
      const passing = row("hubble_flows", JSON.stringify({ flow: { uuid: "x" }, [other]: value }))!;
      expect(passing[other], other).toBe(value);
      expect(passing[column], other).not.toBe(cell);
    }
  });
});

it("a record has a key's name where the row has no such column, and the row's column where it has", () => {
  const names = loadSchema().columns.map(({ name }) => name);
  const record = { flow: {}, ...Object.fromEntries(names.map((name) => [name, `own ${name}`])) };
  const { TimeGenerated, ...rest } = row("hubble_flows", JSON.stringify(record))!;
  expect(TimeGenerated).toMatch(/^\d{4}-/);
  expect(rest).toEqual(
    Object.fromEntries(names.filter((name) => name !== "TimeGenerated").map((name) => [name, `own ${name}`])),
  );
});
