import { createReadStream } from "node:fs";
import { expect, test } from "vitest";
import { flattenLog, noLines } from "../../tools/flatten/flatten-log.js";
import { flattenInThread } from "../../tools/flatten/flatten-thread.js";
import { rowBatch } from "../../tools/flatten/row-batch.js";
import { FilterHost, readFilterModule } from "../../tools/host.js";
import { UserError } from "../../tools/user-error.js";
import { sampleLog } from "../support/served.js";

/** The rows of a log and, where it fails, why. */
async function read(bytes: AsyncIterable<Uint8Array>, counts = noLines()) {
  const lines: string[] = [];
  try {
    for await (const batch of flattenInThread({ name: "a.log", bytes }, "hubble_events", counts)) {
      const text = new TextDecoder().decode(batch.bytes).split("\n");
      expect(text).toHaveLength(batch.rows);
      lines.push(...text);
    }
  } catch (error) {
    return { lines, counts, error };
  }
  return { lines, counts };
}

async function* chunks(...texts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield await Promise.resolve(Buffer.from(text));
  }
}

const flow = (name: string) => `{"flow":{"verdict":"DROPPED","uuid":"${name}"}}\n`;
const names = (lines: string[]) => lines.map((line) => (JSON.parse(line) as { log: { UUID: string } }).log.UUID);

test("a log gives the rows and counts that it gives without a thread", async () => {
  const counts = noLines();
  const rows: string[] = [];
  const host = new FilterHost(readFilterModule(), { functionName: "hubble_events" });
  const log = { name: sampleLog, bytes: createReadStream(sampleLog) };
  for await (const { json } of flattenLog(log, host, counts)) rows.push(`{"log":${json}}`);
  const before = { ...noLines(), lines: 5, flow: 2 };
  const told = await read(createReadStream(sampleLog), before);
  expect(told.lines).toEqual(rows);
  expect(told.counts).toEqual({ ...counts, lines: counts.lines + 5, flow: counts.flow + 2 });
});

test("where no more of a log can be read, its whole lines are rows and what is left of one is none", async () => {
  const { lines, counts, error } = await read(chunks(flow("a") + flow("b"), flow("c").slice(0, 20), new Error("gone")));
  expect(names(lines)).toEqual(["a", "b"]);
  expect(counts.lines).toBe(2);
  expect(error).toEqual(new Error("gone"));
});

test("a last line without a line feed is a row", async () => {
  expect(names((await read(chunks(flow("a"), flow("b").trimEnd()))).lines)).toEqual(["a", "b"]);
});

test("a line that cannot be read is named, as the user's error, behind the rows before it", async () => {
  const { lines, error } = await read(chunks(flow("a"), "x".repeat((64 << 20) + 1), "\n", flow("b")));
  expect(names(lines)).toEqual(["a"]);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(/^a\.log: line 2 is longer than/);
});

test("who takes no more rows ends the reading of the log", async () => {
  let isClosed = false;
  async function* endless() {
    try {
      for (;;) yield await Promise.resolve(Buffer.from(flow("a").repeat(1000)));
    } finally {
      isClosed = true;
    }
  }
  for await (const batch of flattenInThread({ name: "a.log", bytes: endless() }, "hubble_events", noLines())) {
    expect(batch.rows).toBeGreaterThan(0);
    break;
  }
  await expect.poll(() => isClosed).toBe(true);
});

test("line feeds between a row's tokens do not part it", () => {
  const { bytes, rows } = rowBatch(['{"HTTPHeaders":[\n{"key":"a\\nb"}]}', "{}"]);
  expect(new TextDecoder().decode(bytes)).toBe('{"log":{"HTTPHeaders":[ {"key":"a\\nb"}]}}\n{"log":{}}');
  expect(rows).toBe(2);
});
