import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { newUuids, Production } from "../kusto/production.js";
import { findFluentBit } from "../support/fluent-bit.js";
import { exportedLines } from "./lines.js";
import { Tally } from "./tally.js";
import { RotatingWriter } from "./writer.js";

// How many lines a second the configuration for AKS's own Cilium keeps up with, with files of the exporter's own size:
// npx tsx tests/rotation/measure.ts LINES_A_SECOND SECONDS [SHARE]
// SHARE is the part of the time that Fluent Bit may run, where others take the rest: 0.1.
const [rate, seconds, share = 1] = process.argv.slice(2).map(Number) as [number, number, number?];
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
let isStarved = share < 1;
const starving = (async () => {
  while (isStarved) {
    process.kill(production.pid!, "SIGSTOP");
    await sleep(100 * (1 - share));
    process.kill(production.pid!, "SIGCONT");
    await sleep(100 * share);
  }
})();
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
await printMetrics("when the last line is written");
// Until nothing comes any more.
for (let before = -1; before !== production.standIn.messages.length;) {
  before = production.standIn.messages.length;
  await sleep(20_000);
}
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
await printMetrics("at the end");
isStarved = false;
await starving;
await production.end("SIGKILL");
writer.close();
await production.dispose();

async function printMetrics(when: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v2/metrics/prometheus`);
  const ours = /^fluentbit_input_(?:files|bytes|records|ingestion_paused)\w*\{name="tail.0"/;
  const lines = (await answer.text()).split("\n").filter((line) => ours.test(line));
  console.log([when, ...lines].join("\n  "));
}
