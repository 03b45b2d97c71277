import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { packageFile } from "../tools/package-file.js";
import { compileString } from "./support/asc.js";
import { findFluentBit, jsonLines, type Plugin } from "./support/fluent-bit.js";
import { filterModule } from "./support/modules.js";

// The rule behind the filter: what the filter has not made reaches no output, and a metric counts it.

const read = (file: string) => readFileSync(packageFile(file), "utf8");
const fluentBit = findFluentBit();
/** Versions that run on without a module that they could not load. */
const runsWithoutModule = /^(3\.|4\.0\.)/.test(fluentBit?.version ?? "");

const { pipeline } = parse(read("fluent-bit/fluent-bit.yaml")) as { pipeline: { filters: Plugin[] } };

/** The lines of a log: four events, one of them cut, and one of the agent's own, which the first rule leaves out. */
const lines = [
  '{"flow":{"uuid":"no time"}}',
  '{"flow":{"uuid":"a","time":"2026-01-02T03:04:05Z"},"time":"2026-01-02T03:04:05Z"}',
  '{"lost_events":{"source":"PERF_EVENT_RING_BUFFER","num_events_lost":"2"}}',
  '{"flow":{"uuid":"cut',
  'time="2026-01-02T03:04:05Z" level=info msg="Initializing daemon"',
];
const events = 4;

/** The object for this processor, where `npm run build:aot` has made it. */
const object = packageFile(`build/hubble-adx.${process.arch === "arm64" ? "aarch64" : "x86_64"}.aot`);

/** What may stand where the module should be, of which no Fluent Bit makes rows. */
const broken: Record<string, Uint8Array | undefined> = {
  missing: undefined,
  empty: Buffer.alloc(0),
  "cut off": filterModule().subarray(0, 10_000),
  "another kind of file": Buffer.from("#!/bin/sh\n"),
  // The version behind the magic number is one that no WAMR has.
  "an AOT object of another WAMR": Buffer.from("\0aot\x63\0\0\0".padEnd(4096, "\0"), "latin1"),
};

let directory: string;
let child: ChildProcess | undefined;
let output: string;
let port: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hubble-adx-only-rows-"));
  output = "";
  child = undefined;
});

afterEach(async () => {
  if (child && !hasEnded()) {
    child.kill("SIGKILL");
    await until(hasEnded);
  }
  rmSync(directory, { recursive: true });
});

const hasEnded = () => child!.exitCode !== null || child!.signalCode !== null;
const records = () => jsonLines(output);

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await isTrue()); await sleep(50)) {
    if (Date.now() > end) throw new Error(`not after 20 s:\n${output}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the shipped filters over the lines, with this in the place of the module. */
async function start(module: Uint8Array | undefined, functionName?: string): Promise<void> {
  const moduleFile = join(directory, "hubble-adx.wasm");
  if (module) writeFileSync(moduleFile, module);
  const input = join(directory, "input.log");
  writeFileSync(input, lines.map((line) => `${line}\n`).join(""));
  port = await freePort();
  const own = { wasm_path: moduleFile, ...(functionName && { function_name: functionName }) };
  const configuration = {
    service: { flush: 0.2, grace: 1, log_level: "info", http_server: "on", http_listen: "127.0.0.1", http_port: port },
    pipeline: {
      inputs: [{ name: "tail", tag: "hubble", path: input, read_from_head: true }],
      filters: pipeline.filters.map((filter) => (filter.name === "wasm" ? { ...filter, ...own } : filter)),
      outputs: [{ name: "stdout", match: "*", format: "json_lines" }],
    },
  };
  const file = join(directory, "fluent-bit.yaml");
  writeFileSync(file, stringify(configuration));
  const env = { ...process.env, NODE_NAME: "node", CLUSTER_NAME: "cluster" };
  child = spawn(fluentBit!.path, ["-c", file], { stdio: ["ignore", "pipe", "pipe"], env });
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (data: Buffer) => (output += data.toString()));
}

/** What the metric says; undefined where there is no answer. */
async function leftOut(): Promise<number | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v2/metrics/prometheus`);
    const [, value] = /^fluentbit_filter_drop_records_total\{name="only_rows"\} (\d+)/m.exec(await answer.text()) ?? [];
    return value === undefined ? undefined : Number(value);
  } catch {
    return undefined;
  }
}

const shipped = readdirSync(packageFile("fluent-bit"), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(yaml|conf)$/.test(file))
  .filter((file) => /wasm_path/i.test(read(`fluent-bit/${file}`)) && /azure_kusto/.test(read(`fluent-bit/${file}`)));

test("there are configurations that send to Azure Data Explorer", () => {
  expect(shipped.length).toBeGreaterThanOrEqual(12);
});

test.each(shipped)("%s has the rule behind the filter, for the same records", (file) => {
  const text = read(`fluent-bit/${file}`).toLowerCase();
  const behind = text.slice(text.indexOf("wasm_path"));
  const match = (of: string) => /^\s*match:?\s+(\S+)/m.exec(of)?.[1];
  const rule = /alias:?\s+only_rows\n([^]*?)\n\s*regex:?\s+timegenerated \^\\d\n/.exec(behind);
  expect(rule).not.toBeNull();
  const filter = text
    .slice(0, text.indexOf("wasm_path"))
    .split(/name:?\s+wasm\n/)
    .pop()!;
  expect(match(rule![1]!)).toBe(match(filter));
});

describe.skipIf(!fluentBit)(`the rule behind the filter, on Fluent Bit ${fluentBit?.version}`, () => {
  let passThrough: Uint8Array;
  beforeAll(async () => {
    const source = read("bench/pass-through/index.ts");
    const { error, binary } = await compileString(source, { runtime: "stub", use: ["abort="], optimizeLevel: 3 });
    if (!binary) throw error!;
    passThrough = binary;
  });

  test("a sound module: every event is a row, and nothing is left out", async () => {
    await start(filterModule());
    await until(() => records().length >= events);
    await until(async () => (await leftOut()) !== undefined);
    expect(records().map(({ TimeGenerated }) => typeof TimeGenerated)).toEqual(Array(events).fill("string"));
    expect(await leftOut()).toBe(0);
  });

  // As the component `aot` for Kubernetes mounts it.
  test.skipIf(!existsSync(object) || runsWithoutModule)("an AOT object under the module's name: rows", async () => {
    await start(readFileSync(object));
    await until(() => records().length >= events);
    expect(records().map(({ TimeGenerated }) => typeof TimeGenerated)).toEqual(Array(events).fill("string"));
  });

  test.each(Object.keys(broken))("%s: nothing comes out, and it shows", async (kind) => {
    await start(broken[kind]);
    // No version starts where there is no file.
    if (runsWithoutModule && kind !== "missing") {
      await until(async () => (await leftOut()) === events);
      expect(hasEnded()).toBe(false);
    } else {
      await until(hasEnded);
      expect(child!.exitCode).toBe(255);
    }
    expect(records()).toEqual([]);
  });

  test("a module that gives lines back as they came: nothing comes out, and the metric counts them", async () => {
    await start(passThrough, "pass_through");
    await until(async () => (await leftOut()) === events);
    await sleep(500);
    expect(records()).toEqual([]);
  });
});
