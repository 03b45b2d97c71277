// What a row costs, before and after: npx tsx bench/row-size.ts [log]
//
// "sent" is what azure_kusto sends, `{"log": <record>}` a line, as text: the size that ingestion and retention are
// reckoned in. "in columns" is each column's values gzipped by themselves, which stands for columnar storage on disk.
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { FilterHost, readFilterModule } from "../tools/host.js";
import { openLog } from "../tools/logs/open-log.js";
import { readLog, toRecord } from "../tools/logs/read-log.js";
import { packageFile } from "../tools/package-file.js";

const log = process.argv[2] ?? fileURLToPath(packageFile("fluent-bit/sample/cilium-agent.log"));
const host = new FilterHost(readFilterModule());

const lines: string[] = [];
const flows: string[] = [];
const rows: string[] = [];
for await (const line of readLog(openLog(log))) {
  const record = toRecord(line);
  lines.push(record);
  const row = host.filterToObject(record);
  if (!row) continue;
  flows.push(record);
  rows.push(JSON.stringify(row));
}
if (rows.length === 0)
  throw new Error(`${log} holds no Hubble flows; give a log of a Cilium agent whose exporter writes to its output`);

// The columns of a typical question: who was denied what, when.
const QUESTION = [
  "TimeGenerated",
  "Verdict",
  "TrafficDirection",
  "SourceNamespace",
  "SourcePodName",
  "DestinationIP",
  "DestinationPort",
];

console.log(`${log}: ${lines.length} lines, ${rows.length} flows. Bytes per flow:`);
console.table({
  "every line as text": perFlow(lines, ["log"]),
  "flows as text": perFlow(flows, ["log"]),
  "flows as rows": perFlow(rows, QUESTION),
});

function perFlow(records: string[], question: string[]): Record<string, number> {
  const columns = new Map<string, string[]>();
  for (const record of records) {
    for (const [name, value] of Object.entries(JSON.parse(record) as object)) {
      columns.set(name, [...(columns.get(name) ?? []), typeof value === "string" ? value : JSON.stringify(value)]);
    }
  }
  const stored = new Map([...columns].map(([name, values]) => [name, gzipSync(values.join("\n")).length]));
  const sum = (names: string[]) => names.reduce((total, name) => total + (stored.get(name) ?? 0), 0);
  const each = (bytes: number) => Math.round(bytes / rows.length);
  return {
    records: records.length,
    sent: each(Buffer.byteLength(records.map((record) => `{"log":${record}}\n`).join(""))),
    "in columns": each(sum([...stored.keys()])),
    "read by a question": each(sum(question)),
  };
}
