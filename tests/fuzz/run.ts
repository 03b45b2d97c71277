import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { filterModule } from "../support/modules.js";
import { fuzz, type FuzzReport } from "./fuzzer.js";
import { keptRecords, keptRecordsText, seedLines } from "./seeds.js";
import { smallestCover } from "./cover.js";

const usage = `npm run fuzz -- [--calls N] [--seed S] [--keep]

Feeds changed flows and bytes to the filter and checks every reply.
  --calls N  calls of the filter (default 1000000)
  --seed S   the same seed gives the same records (default: the time)
  --keep     add records that led to new places to tests/fixtures/fuzz/records.ndjson
`;

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 0x7fffffff) },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const calls = Number(values.calls);
const seed = Number(values.seed);
if (values.help || !Number.isInteger(calls) || !Number.isInteger(seed)) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}

console.log(`seed ${seed}`);
const wasm = filterModule();
const records = keptRecords();
const report = fuzz({ wasm, lines: seedLines(), records, seed, calls, onProgress: (part) => console.log(line(part)) });
console.log(line(report));
console.log(
  `${report.rows} rows (${report.unreadable} of them unreadable texts), ${report.kept} records kept as they came, ` +
    `${report.dropped} no JSON object; largest record ${report.largestRecord} bytes; ` +
    `memory at most ${report.memoryTimesRecord.toFixed(1)} times the largest record`,
);
if (values.keep) {
  const { file, text } = keptRecordsText(smallestCover(wasm, [...records, ...report.discoveries]));
  writeFileSync(file, text);
  console.log(`wrote ${fileURLToPath(file)}`);
}
if (report.findings.length > 0) {
  const directory = new URL("../../build/fuzz/", import.meta.url);
  mkdirSync(directory, { recursive: true });
  report.findings.forEach(({ problem, record }, index) => {
    const file = new URL(`finding-${seed}-${index}.json`, directory);
    writeFileSync(file, record);
    console.error(`${problem}: ${fileURLToPath(file)} (${record.length} bytes)`);
  });
  process.exitCode = 1;
}

function line({ calls, seconds, failures, blocksRun, blockCount, waysTaken }: FuzzReport): string {
  return (
    `${calls} calls in ${seconds.toFixed(0)} s (${Math.round(calls / seconds)}/s), ` +
    `${blocksRun} of ${blockCount} blocks, ${waysTaken} ways, ${failures} failures`
  );
}
