import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { newUuids, Production } from "../kusto/production.js";
import { findFluentBit } from "../support/fluent-bit.js";
import { exportedLines } from "./lines.js";
import { Tally } from "./tally.js";
import { RotatingWriter } from "./writer.js";

// How many lines a second the configuration for AKS's own Cilium keeps up with, with files of the exporter's own size:
// npx tsx tests/rotation/measure.ts LINES_A_SECOND SECONDS
const [rate, seconds] = process.argv.slice(2).map(Number) as [number, number];
const fluentBit = findFluentBit();
if (!fluentBit) throw new Error("it needs a Fluent Bit: FLUENT_BIT names one");

const port = 20200 + (process.pid % 100);
const production = await Production.create(fluentBit, {
  source: "acns",
  change: ({ service }) => void Object.assign(service, { http_server: "on", http_port: port, flush: 5 }),
});
const writer = new RotatingWriter(production.flows);
const tally = new Tally(production.standIn);
const uuids: string[] = [];
let bytes = 0;
production.start();
await sleep(2000);
const start = Date.now();
while (Date.now() < start + seconds * 1000) {
  const due = Math.floor(((Date.now() - start) / 1000) * rate) - uuids.length;
  const some = newUuids(Math.min(due, 5000));
  const lines = exportedLines(some);
  writer.append(lines);
  bytes += lines.reduce((sum, line) => sum + line.length + 1, 0);
  for (const uuid of some) uuids.push(uuid);
  await sleep(20);
}
const written = (Date.now() - start) / 1000;
// Until nothing comes any more.
for (let before = -1; before !== production.standIn.messages.length;) {
  before = production.standIn.messages.length;
  await sleep(20_000);
}
const metrics = await (await fetch(`http://127.0.0.1:${port}/api/v2/metrics/prometheus`)).text();
const [user, system] = readFileSync(`/proc/${production.pid}/stat`, "utf8").split(" ").slice(13, 15).map(Number);
const cpu = (user! + system!) / 100;
const { missing, duplicates } = tally.compare(uuids);
console.log(
  [
    `${Math.round(uuids.length / written)} lines of ${Math.round(bytes / uuids.length)} bytes a second for ${Math.round(written)} s`,
    `${writer.rotations} rotations`,
    `${missing} lines missing, ${duplicates} more than once`,
    `${((cpu * 1e6) / (uuids.length - missing)).toFixed(1)} µs of CPU a line`,
  ].join(", "),
);
console.log(
  metrics
    .split("\n")
    .filter((line) => /^fluentbit_input_(files|bytes|records|ingestion_paused)\w*\{name="tail.0"/.test(line))
    .join("\n"),
);
await production.end("SIGKILL");
writer.close();
await production.dispose();
