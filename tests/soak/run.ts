import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { FilterHost } from "../../tools/host.js";
import { findFluentBit } from "../support/fluent-bit.js";
import { filterModule } from "../support/modules.js";

const usage = `npm run soak -- [--flows N] [--no-bursts] [--no-filter]

Sends flows through the Fluent Bit on PATH, or the one that FLUENT_BIT names, and reports its resident memory. Fails
when a row is missing, when the filter complains, and when memory has grown by more than 5 % at the end: over what it was
after the first tenth or 100,000 flows, or after the bursts.
  --flows N    flows (default 2000000)
  --no-bursts  without the records of 8 MiB, of which three come at half time
  --no-filter  without the filter, for comparison
`;

const { values } = parseArgs({
  options: {
    flows: { type: "string", default: "2000000" },
    bursts: { type: "boolean", default: true },
    filter: { type: "boolean", default: true },
    help: { type: "boolean", default: false },
  },
  allowNegative: true,
});
const flows = Number(values.flows);
const fluentBit = findFluentBit();
if (values.help || !Number.isInteger(flows) || flows < 1000) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}
if (!fluentBit) {
  console.error("No Fluent Bit: put fluent-bit on PATH, or name it in FLUENT_BIT.");
  process.exit(2);
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const flowLines = readFileSync(join(root, "fluent-bit/sample/cilium-agent.log"), "utf8")
  .split("\n")
  .filter((line) => line.includes(' F {"flow":') && line.endsWith("}"))
  .map((line) => `${line}\n`);
const block = Buffer.from(flowLines.join(""));
const longLine = Buffer.from(
  `2026-01-02T03:04:05.060700Z stdout F {"flow":{"l7":{"http":{"url":"${"x".repeat(8 * 1024 * 1024)}"}}}}\n`,
);

const port = 20_000 + (process.pid % 10_000);
const directory = await mkdtemp(join(tmpdir(), "hubble-adx-soak-"));
const input = join(directory, "input.log");
await writeFile(input, "");
const filter = {
  name: "wasm",
  match: "*",
  wasm_path: join(root, "build/hubble-adx.wasm"),
  function_name: "hubble_flows",
};
const configuration = {
  service: { flush: 0.5, grace: 10, log_level: "warn", http_server: "on", http_listen: "127.0.0.1", http_port: port },
  pipeline: {
    inputs: [
      {
        name: "tail",
        path: input,
        read_from_head: true,
        refresh_interval: 1,
        "multiline.parser": "cri",
        buffer_chunk_size: "1M",
        buffer_max_size: "32M",
        mem_buf_limit: "64M",
      },
    ],
    ...(values.filter ? { filters: [filter] } : {}),
    outputs: [{ name: "null", match: "*" }],
  },
};
const file = join(directory, "fluent-bit.yaml");
await writeFile(file, stringify(configuration));

const child = spawn(fluentBit.path, ["-c", file], { stdio: ["ignore", "pipe", "pipe"] });
let rows = 0;
/** Reads how many records the output has taken. */
const readRows = async (): Promise<void> => {
  // Fluent Bit may close a connection just when it is used again.
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/metrics`, { headers: { connection: "close" } });
  const metrics = (await response.json()) as { output: Record<string, { proc_records: number }> };
  rows = Object.values(metrics.output)[0]!.proc_records;
};
let log = "";
child.stdout.resume();
child.stderr.on("data", (data: Buffer) => (log += data.toString()));

const logFile = await open(input, "a");
let sent = 0;
const pause = async (): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Fluent Bit has ended:\n${log}`);
  await sleep(100);
  await readRows();
};
const send = async (lines: Buffer, count: number): Promise<void> => {
  await logFile.write(lines);
  sent += count;
  // Not far ahead of Fluent Bit, so that the file stays small enough to be thrown away.
  if (sent - rows > 20_000) await readRows();
  while (sent - rows > 20_000) await pause();
};
const residentMegabytes = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))![1]) / 1024;
/** Resident memory when all is through and the allocator has given back what it holds for seconds, for which it must run. */
const settle = async (): Promise<number> => {
  let least = Infinity;
  for (let i = 0; i < 30; i++) {
    await send(block, flowLines.length);
    await sleep(500);
    least = Math.min(least, residentMegabytes());
  }
  await readRows();
  while (rows < sent) await pause();
  return Math.min(least, residentMegabytes());
};

for (let tries = 0; tries < 100; tries++) {
  await sleep(100);
  if (
    await readRows().then(
      () => true,
      () => false,
    )
  )
    break;
}

/** Resident memory when all flows sent by then were through, by when that was. */
const resident: Record<string, number> = {};
const start = Date.now();
let bursts = values.bursts ? 3 : 0;
let nextReport = 0;
const early = Math.min(100_000, flows / 10);
while (sent < flows) {
  await send(block, flowLines.length);
  if (resident.early === undefined && sent >= early) resident.early = await settle();
  if (bursts > 0 && sent >= flows / 2) {
    resident.beforeBursts = await settle();
    for (; bursts > 0; bursts--) await send(longLine, 1);
    resident.afterBursts = await settle();
  }
  if (sent >= nextReport) {
    console.log(
      `${sent} flows, ${residentMegabytes().toFixed(1)} MB resident, ${((Date.now() - start) / 1000).toFixed(0)} s`,
    );
    nextReport += flows / 20;
  }
}
resident.end = await settle();
child.kill("SIGTERM");
await once(child, "close");
await logFile.close();
await rm(directory, { recursive: true });

/** What the module's memory has grown to for the largest record, as the embedded host sees it. */
const host = new FilterHost(filterModule());
const [, stream, , text] = /^\S+ (\S+) (\S+) (.*)\n$/.exec((values.bursts ? longLine : flowLines[0]!).toString())!;
host.filter({ stream, log: text });
const growth = 100 * (resident.end / (resident.afterBursts ?? resident.early!) - 1);
const megabytes = Object.entries(resident).map(([when, size]) => `${when} ${size.toFixed(1)}`);
console.log(
  `Fluent Bit ${fluentBit.version}: ${sent} flows sent, ${rows} rows; resident MB: ${megabytes.join(", ")} ` +
    `(${growth.toFixed(1)} %${values.bursts ? " since the bursts" : ""})` +
    (values.filter ? `; the module's memory is ${(host.memoryBytes / 1024 / 1024).toFixed(1)}` : ""),
);
if (/\[ *(error|warn)\] \[filter/.test(log) || rows !== sent || growth > 5) {
  console.error(log);
  process.exitCode = 1;
}
