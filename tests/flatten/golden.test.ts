import { createReadStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatCsv } from "../../tools/flatten/csv.js";
import { flattenLog, noLines, type Row } from "../../tools/flatten/flatten-log.js";
import { formatJsonLines } from "../../tools/flatten/json-lines.js";
import { columnsLayout, storyLayout } from "../../tools/flatten/layouts.js";
import { formatTable } from "../../tools/flatten/table.js";
import { FilterHost, readFilterModule } from "../../tools/host.js";
import { loadSchema } from "../../tools/schema.js";

// The expected output lies beside the input; `npm run golden:update` writes it anew.
const fixtures = fileURLToPath(new URL("../fixtures/flatten/", import.meta.url));
const readAt = () => new Date("2026-03-04T09:20:00.125Z");

function rows(functionName = "hubble_flows", counts = noLines()): AsyncGenerator<Row> {
  const host = new FilterHost(readFilterModule(), { functionName });
  const log = { name: "agent.log", bytes: createReadStream(`${fixtures}agent.log`) };
  return flattenLog(log, host, counts, readAt);
}

async function text(chunks: AsyncIterable<string>): Promise<string> {
  let all = "";
  for await (const chunk of chunks) all += chunk;
  return all;
}

describe("agent.log as", () => {
  it.each([80, 130, 160, 210])("a table %i characters wide", async (width) => {
    const table = await text(formatTable(rows("hubble_events"), storyLayout(width), { width, color: false }));
    for (const line of table.split("\n")) expect([...line].length).toBeLessThanOrEqual(width);
    await expect(table).toMatchFileSnapshot(`${fixtures}agent.table-${width}.txt`);
  });

  it("a table with no terminal, other lines kept", async () => {
    const table = formatTable(rows("hubble_flows_keep"), storyLayout(undefined), { color: false });
    await expect(await text(table)).toMatchFileSnapshot(`${fixtures}agent.table-keep.txt`);
  });

  it("a table of named columns", async () => {
    const layout = columnsLayout(["Verdict", "SourcePodName", "DestinationNames", "SourcePort"]);
    const table = formatTable(rows(), layout, { width: 100, color: false });
    await expect(await text(table)).toMatchFileSnapshot(`${fixtures}agent.table-columns.txt`);
  });

  it("JSON lines", async () => {
    await expect(await text(formatJsonLines(rows("hubble_events")))).toMatchFileSnapshot(
      `${fixtures}agent.rows.ndjson`,
    );
  });

  it("JSON lines of named columns", async () => {
    const lines = formatJsonLines(rows("hubble_flows_keep"), ["DropReasonCode", "TimeGenerated", "PolicyName", "log"]);
    await expect(await text(lines)).toMatchFileSnapshot(`${fixtures}agent.columns.ndjson`);
  });

  it("CSV", async () => {
    const columns = loadSchema().columns.map(({ name }) => name);
    const csv = await text(formatCsv(rows("hubble_events"), columns, { escapeFormulas: true }));
    await expect(csv).toMatchFileSnapshot(`${fixtures}agent.csv`);
  });
});

it("counts what became of the lines", async () => {
  const countsOf = async (functionName: string) => {
    const counts = noLines();
    for await (const row of rows(functionName, counts)) expect(row.json).not.toBe("");
    return counts;
  };
  const flows = { lines: 17, flow: 13, unreadable: 1, filtered: 0 };
  expect(await countsOf("hubble_flows")).toEqual({ ...flows, exportEvent: 0, kept: 0, dropped: 3 });
  expect(await countsOf("hubble_events")).toEqual({ ...flows, exportEvent: 1, kept: 0, dropped: 2 });
  expect(await countsOf("hubble_flows_keep")).toEqual({ ...flows, exportEvent: 0, kept: 3, dropped: 0 });
});

it("counts the lines that a filter leaves out, and makes no row of them", async () => {
  const counts = noLines();
  const lines = ['{"flow":{"verdict":"DROPPED"}}', "level=info", '{"flow":{"verdict":"FORWARDED"}}'];
  const log = { name: "a.log", bytes: [Buffer.from(lines.join("\n"))] as unknown as AsyncIterable<Uint8Array> };
  const passes = (line: string) => line.includes("DROPPED");
  const kept = [];
  for await (const row of flattenLog(log, new FilterHost(readFilterModule()), counts, readAt, passes)) kept.push(row);
  expect(kept.length).toBe(1);
  expect(counts).toMatchObject({ lines: 3, flow: 1, filtered: 2, dropped: 0 });
});

it("gives lines without a time the time they were read", async () => {
  const unreadable = [];
  const log = { name: "bare.log", bytes: [Buffer.from('{"flow":{')] as unknown as AsyncIterable<Uint8Array> };
  for await (const row of flattenLog(log, new FilterHost(readFilterModule()), noLines(), readAt)) unreadable.push(row);
  expect(JSON.parse(unreadable[0]!.json)).toMatchObject({ TimeGenerated: "2026-03-04T09:20:00.1250000Z" });
});
