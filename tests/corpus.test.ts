import { beforeAll, describe, expect, it } from "vitest";
import { loadSchema } from "../tools/schema.js";
import { corpusFile } from "./support/corpus.js";
import { canonicalText, JsonObject, parseJson } from "./support/json.js";
import { filterFunctions, reference, scanner, type Filter } from "./support/modules.js";
import { fieldsOfFlow, fieldsOfRow } from "./support/rebuild.js";
import { readRow, rowText } from "./support/rows.js";

/** The lines of a file of HUBBLE_CORPUS, each with its number. */
function corpusLines(file: string): { line: number; text: string }[] {
  const text = corpusFile(file, `the tests over ${file}`);
  return (text ?? "")
    .split("\n")
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ text }) => text !== "");
}

const parsed = (file: string) =>
  corpusLines(file).map(({ line, text }) => ({ line, text, event: parseJson(text) as JsonObject }));
const lines = parsed("flows.ndjson");
const flows = lines.filter(({ event }) => event.get("flow") instanceof JsonObject);
const unwrapped = lines.filter((line) => !flows.includes(line));
const otherEvents = parsed("other-events.ndjson");
const otherLines = corpusLines("nonflow.txt");

/** The records that bring an event to the filter. */
const shapes: Record<string, (event: string) => string> = {
  "text under log": (event) => JSON.stringify({ log: event }),
  "text with the container runtime's prefix": (event) =>
    JSON.stringify({ message: `2025-01-02T03:04:05.123456789Z stdout F ${event}\n` }),
  "text whose < > & and non-ASCII are escaped": (event) =>
    JSON.stringify({ MESSAGE: event }).replace(
      /[<>&\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  "merged at the top": (event) => event,
  "merged one level down": (event) => `{"hubble":${event}}`,
};

let filter: Filter;
let readable: Filter;
beforeAll(() => {
  filter = scanner();
  readable = reference();
});

describe.skipIf(flows.length === 0)("flows.ndjson", () => {
  it.each(Object.entries(shapes))("%s: a row in every function, and the reference's", (_, record) => {
    for (const { line, text } of flows) {
      for (const functionName of filterFunctions) {
        const row = rowText(filter(functionName, record(text)));
        expect(row, `line ${line}`).toContain('"TimeGenerated"');
        expect(row, `line ${line}`).not.toContain('"ParseError"');
        expect(row, `line ${line}`).toBe(rowText(readable(functionName, record(text))));
        expect(row, `line ${line}`).toBe(rowText(filter("hubble_flows", text)));
      }
    }
  });

  it("every flow can be rebuilt from its row", () => {
    for (const { line, text, event } of flows) {
      const flow = event.get("flow") as JsonObject;
      const rebuilt = new JsonObject([...fieldsOfRow(readRow(filter("hubble_flows", text))!, flow)]);
      const expected = new JsonObject([...fieldsOfFlow(flow)!]);
      expect(canonicalText(rebuilt), `line ${line}`).toBe(canonicalText(expected));
    }
  });

  it("lines of old command lines, which have no flow key, are no export events", () => {
    expect(unwrapped.length).toBeGreaterThan(0);
    for (const { line, text } of unwrapped) {
      for (const record of Object.values(shapes)) expectNoRow(record(text), line);
    }
  });
});

describe.skipIf(otherEvents.length === 0)("other-events.ndjson", () => {
  const kinds = loadSchema().exportEvents;

  it.each(Object.entries(shapes))("%s: rows of hubble_events only, if they are the exporter's own", (_, shape) => {
    for (const { line, text, event } of otherEvents) {
      const record = shape(text);
      expect(rowText(filter("hubble_flows", record)), `line ${line}`).toBe("dropped");
      expect(decode(filter("hubble_flows_keep", record)), `line ${line}`).toBe(record);
      const row = readRow(filter("hubble_events", record));
      expect(row?.get("ExportEvent"), `line ${line}`).toBe(kinds.find((name) => event.has(name)));
      expect(rowText(filter("hubble_events", record)), `line ${line}`).toBe(rowText(readable("hubble_events", record)));
    }
  });
});

describe.skipIf(otherLines.length === 0)("nonflow.txt", () => {
  it("every line is dropped, or kept byte for byte", () => {
    for (const { line, text } of otherLines) {
      expectNoRow(JSON.stringify({ log: text }), line);
      expectNoRow(JSON.stringify({ message: `2025-01-02T03:04:05Z stderr F ${text}`, stream: "stderr" }), line);
    }
  });
});

function expectNoRow(record: string, line: number): void {
  expect(rowText(filter("hubble_flows", record)), `line ${line}`).toBe("dropped");
  expect(rowText(filter("hubble_events", record)), `line ${line}`).toBe("dropped");
  expect(decode(filter("hubble_flows_keep", record)), `line ${line}`).toBe(record);
}

function decode(reply: Uint8Array | null): string | null {
  return reply && Buffer.from(reply).toString();
}
