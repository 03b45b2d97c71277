import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { checkFluentBit } from "../tools/doctor/check.js";
import { embeddedRows } from "./support/embedded-rows.js";
import { findFluentBit, jsonLines, runPipeline, type Plugin } from "./support/fluent-bit.js";
import { HttpReceiver } from "./support/http-receiver.js";
import type { FilterFunction } from "./support/modules.js";

// Runs every file of fluent-bit/ with its outputs swapped for files and for an HTTP receiver on the loopback, each held
// against the embedded host.
const fluentBit = findFluentBit();
if (!fluentBit) console.warn("No Fluent Bit: the shipped configurations are not run.");

const root = fileURLToPath(new URL("..", import.meta.url));
const sample = readFileSync(join(root, "fluent-bit/sample/cilium-agent.log"));
const directory = mkdtempSync(join(tmpdir(), "hubble-adx-"));
afterAll(() => rmSync(directory, { recursive: true }));

type Row = Record<string, unknown>;

const environment = {
  ...process.env,
  ADX_INGESTION_ENDPOINT: "https://ingest-cluster.westeurope.kusto.windows.net",
  AZURE_TENANT_ID: "00000000-0000-0000-0000-000000000000",
  AZURE_CLIENT_ID: "00000000-0000-0000-0000-000000000000",
  AZURE_CLIENT_SECRET: "secret",
  CLUSTER: "aks-1",
  REGION: "westeurope",
  CLUSTER_NAME: "collecting-cluster",
  NODE_NAME: "collecting-node",
};
const names = { NodeName: environment.NODE_NAME, ClusterName: environment.CLUSTER_NAME };

interface FlowSource {
  folder: string;
  input: { path?: string };
  names: (keyof typeof names)[];
}

const sources = parse(readFileSync(join(root, "fluent-bit/sources.yaml"), "utf8")) as FlowSource[];
/** Whether it is a file of the exporter's own, in which no container runtime puts anything in front of the lines. */
const isExporters = ({ input: { path } }: FlowSource) => path !== undefined && !path.startsWith("/var/log/containers/");
const exportersFiles = sources.filter(isExporters);

/**
 * What each shipped configuration hands to its outputs, by the tag that the output matches: of the sample as the log of
 * an agent's container, and of another container's log.
 */
const delivered: Record<string, () => Record<string, Row[]>> = {
  ...forms("fluent-bit", () => ({ hubble: rowsOf("hubble_events", named(records, names)) })),
  ...sources
    .map((source) =>
      forms(`kubernetes/${source.folder}/fluent-bit`, () => {
        const added = Object.fromEntries(source.names.map((name) => [name, names[name]]));
        return { hubble: rowsOf("hubble_events", named(isExporters(source) ? exported() : records, added)) };
      }),
    )
    .reduce((all, one) => ({ ...all, ...one })),
  "with-agent-log.yaml": () => {
    const records = rowsOf("hubble_flows_keep");
    return {
      hubble: records.filter((record) => !("log" in record)),
      agent: records.filter((record) => "log" in record),
    };
  },
  "existing-pipeline.conf": () => ({
    "hubble.*": rowsOf("hubble_events").map((row) => ({ ...row, Cluster: "aks-1", Region: "westeurope" })),
    "kube.*": [expect.objectContaining({ LogMessage: "hello", Cluster: "aks-1", Region: "westeurope" }) as Row],
  }),
  "local.yaml": () => ({ "*": rowsOf("hubble_flows") }),
  "local.conf": () => ({ "*": rowsOf("hubble_flows") }),
};
const files = Object.keys(delivered);

/** The same for both forms of a configuration. */
function forms(name: string, of: () => Record<string, Row[]>): typeof delivered {
  return { [`${name}.yaml`]: of, [`${name}.conf`]: of };
}

const isOlderThan41 = /^([23]|4\.0)\./.test(fluentBit?.version ?? "");
const namesWorkloadIdentity = (file: string) => /workload_identity$/m.test(shipped(file));

const shipped = (file: string) => readFileSync(join(root, "fluent-bit", file), "utf8");

/** The records that this Fluent Bit's tail input makes of the sample. */
let records: Row[];
beforeAll(async () => {
  if (!fluentBit) return;
  const run = await runPipeline(fluentBit, { input: sample, tail: { "multiline.parser": "cri" } });
  records = run.records;
});

/** The records with keys as the modify filter adds them. */
const named = (of: Row[], keys: Row) => of.map((record) => ({ ...record, ...keys }));

/** The lines of the sample's exporter, as they stand in a file of its own, and one that is cut. */
function exportedLines(): string[] {
  const lines = records.map(({ log }) => String(log)).filter((line) => /^\{"(flow|\w+_event|lost_events)"/.test(line));
  return [...lines, '{"flow":{"verdict":"DROPPED","summ'];
}
const exported = () => exportedLines().map((log) => ({ log }));

/** What the embedded host makes of records. */
function rowsOf(functionName: FilterFunction, of: Row[] = records): Row[] {
  // The container runtime's time, which Fluent Bit takes for the record's and prints with fewer digits.
  const rows = embeddedRows(of, functionName, ({ time }) => time ?? "2026-01-01T00:00:00Z");
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => key !== "@time")));
}

test.each([
  ['{"flow":{"verdict":"DROPPED","node_name":"own/node"}}', "node", "own"],
  ['{"flow":{"verdict":"DROPPED"},"node_name":"own/node"}', "node", "own"],
  ['{"flow":{"verdict":"DROPPED","node_name":"node"}}', "node", "collecting-cluster"],
  ['{"flow":{"verdict":"DROPPED"}}', "collecting-node", "collecting-cluster"],
  ['{"flow":{"verdict":"DROPPED","node_name":"own/no', "collecting-node", "collecting-cluster"],
])("%s was collected on %s of %s", (log, NodeName, ClusterName) => {
  const [row, ...more] = embeddedRows([{ log, ...names }], "hubble_events", () => "2026-01-01T00:00:00Z");
  expect(row).toMatchObject({ NodeName, ClusterName });
  expect(more).toEqual([]);
});

test.each(files.filter((file) => !file.startsWith("local")))("doctor finds nothing in %s", (file) => {
  expect(checkFluentBit(shipped(file), file)).toEqual([]);
});

describe.skipIf(!fluentBit)(`shipped configurations on Fluent Bit ${fluentBit?.version}`, () => {
  for (const file of files) {
    test.skipIf(isOlderThan41 && namesWorkloadIdentity(file))(`${file} passes --dry-run`, () => {
      const placed = place(file, (text) => text);
      const { stdout, stderr, status } = spawnSync(fluentBit!.path, ["-c", placed, "--dry-run"], {
        cwd: root,
        env: environment,
        encoding: "utf8",
      });
      expect(stdout + stderr).toContain("configuration test is successful");
      expect(status).toBe(0);
    });
  }

  // Side by side: a Fluent Bit sleeps most of the second or two that it takes to start and to end.
  test.concurrent.each(files)("%s sends the rows of the embedded host to files", { timeout: 90_000 }, async (file) => {
    const folder = mkdtempSync(join(directory, "files-"));
    const placed = place(file, (text) =>
      withOutputs(text, (match) => ({ name: "file", path: folder, file: nameOf(match), format: "plain" })),
    );
    await expectDelivered(file, placed, (match) => {
      const written = join(folder, nameOf(match));
      return existsSync(written) ? jsonLines(wholeLines(readFileSync(written, "utf8"))) : [];
    });
  });

  test.concurrent.each(files)("%s sends the rows of the embedded host over HTTP", { timeout: 90_000 }, async (file) => {
    const receiver = await HttpReceiver.start();
    try {
      const placed = place(file, (text) =>
        withOutputs(text, (match) => ({
          name: "http",
          host: "127.0.0.1",
          port: receiver.port,
          uri: `/${nameOf(match)}`,
          format: "json_lines",
          json_date_key: "false",
        })),
      );
      await expectDelivered(file, placed, (match) => receiver.records(`/${nameOf(match)}`));
    } finally {
      receiver.stop();
    }
  });
});

test.skipIf(!fluentBit)("the input for a second flow log in docs/exporter.md brings its flows too", async () => {
  const page = readFileSync(join(root, "docs/exporter.md"), "utf8");
  const [input] = parse(/^```yaml\n(- name: tail\n[^`]*)```/m.exec(page)![1]!) as [Plugin];
  const folder = mkdtempSync(join(directory, "second-"));
  const flowLog = join(folder, "flows.log");
  // The exporter's own file holds what it writes to the agent's log, without the container runtime's prefix.
  const lines = records.map(({ log }) => log as string).filter((line) => line.startsWith('{"flow"'));
  writeFileSync(flowLog, lines.map((line) => `${line}\n`).join(""));
  const written = join(folder, "rows");
  const placed = place("fluent-bit.yaml", (text) => {
    const swapped = withOutputs(text, () => ({ name: "file", path: folder, file: "rows", format: "plain" }));
    const configuration = parse(swapped) as { pipeline: { inputs: Plugin[] } };
    configuration.pipeline.inputs.push({ ...input, path: flowLog, db: join(folder, "positions.db") });
    return stringify(configuration);
  });
  const received = () => (existsSync(written) ? jsonLines(wholeLines(readFileSync(written, "utf8"))) : []);
  const fromAgent = rowsOf("hubble_events", named(records, names));
  const expected = [
    ...fromAgent,
    ...embeddedRows(
      lines.map((log) => ({ log })),
      "hubble_events",
      () => "2026-01-01T00:00:00Z",
    ),
  ];
  await runUntil(placed, () => received().length >= expected.length);
  const uuids = (rows: Row[]) => rows.map(({ UUID }) => String(UUID)).sort();
  expect(uuids(received())).toEqual(uuids(expected));
});

/** Runs a configuration until its outputs have got what they are to get, and checks that they got nothing else. */
async function expectDelivered(file: string, placed: string, received: (match: string) => Row[]): Promise<void> {
  const expected = delivered[file]!();
  const isThere = () => Object.entries(expected).every(([match, rows]) => received(match).length >= rows.length);
  const log = await runUntil(placed, isThere);
  for (const [match, rows] of Object.entries(expected)) {
    expect(rows.length).toBeGreaterThan(0);
    const sorted = (unsorted: Row[]) => inOrder(unsorted.map((row) => comparable(file, row)));
    expect(sorted(received(match))).toEqual(sorted(rows));
  }
  expect(log).not.toMatch(/\[ *error\]|filter:wasm.*warn/);
}

/** Without the time of a line that cannot be read: outside a container's log it is the one at which it was. */
function comparable(file: string, row: Row): Row {
  if (row.ParseError === undefined || !exportersFiles.some(({ folder }) => file.includes(`/${folder}/`))) return row;
  return Object.fromEntries(Object.entries(row).filter(([column]) => column !== "TimeGenerated"));
}

/** Chunks that leave at the same time arrive in any order. */
function inOrder(rows: Row[]): Row[] {
  const keyOf = ({ time, UUID, TimeGenerated, log }: Row) =>
    [time, UUID, UUID ?? TimeGenerated, log].map(String).join(" ");
  return [...rows].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/**
 * Copies a shipped configuration with its paths led into a folder that holds the sample as the log of an agent's
 * container, and a log of another container.
 */
function place(file: string, replace: (text: string) => string): string {
  const home = mkdtempSync(join(directory, "placed-"));
  const containers = join(home, "containers");
  const flows = join(home, "flows");
  mkdirSync(join(home, "state"), { recursive: true });
  mkdirSync(containers, { recursive: true });
  mkdirSync(flows);
  if (records)
    writeFileSync(
      join(flows, "events.log"),
      exportedLines()
        .map((line) => `${line}\n`)
        .join(""),
    );
  writeFileSync(
    join(containers, "hubble-observe-5d8f9c7b6-x7x2v_kube-system_hubble-observe-0123456789abcdef.log"),
    sample,
  );
  cpSync(join(root, "fluent-bit/parsers.conf"), join(home, "parsers.conf"));
  writeFileSync(join(containers, "cilium-x7k2p_kube-system_cilium-agent-0123456789abcdef.log"), sample);
  writeFileSync(
    join(containers, "shop_default_shop-0123456789abcdef.log"),
    "2026-03-04T09:14:03.080016500Z stdout F hello\n",
  );
  const text = exportersFiles
    .reduce((text, { input }) => text.replaceAll(input.path!, join(flows, "events.log")), shipped(file))
    .replaceAll("/var/log/containers", containers)
    .replaceAll(/\/var\/lib\/(hubble-adx|fluent-bit)/g, join(home, "state"))
    .replaceAll("/fluent-bit/wasm/", join(root, "build/"));
  const placed = join(home, basename(file));
  writeFileSync(placed, replace(text));
  return placed;
}

/**
 * Runs Fluent Bit until what is waited for is there, or until it ends where the configuration says that it does, half a
 * minute at the most. Returns what it logged.
 */
async function runUntil(file: string, isThere: () => boolean): Promise<string> {
  const child = spawn(fluentBit!.path, ["-c", file], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  let isRunning = true;
  const closed = new Promise((resolve) => child.on("close", resolve)).then(() => (isRunning = false));
  const endsByItself = /exit_on_eof/i.test(readFileSync(file, "utf8"));
  const deadline = Date.now() + 30_000;
  while (isRunning && Date.now() < deadline && (endsByItself || !isThere())) await sleep(50);
  // Some versions never end when they are told to while they are ending by themselves.
  if (isRunning) child.kill(endsByItself ? "SIGKILL" : "SIGTERM");
  await closed;
  return log;
}

/** A name for an output's file or address. */
const nameOf = (match: string) => match.replace(/\W/g, "") || "all";

/** A text without a last line that is still being written. */
const wholeLines = (text: string) => text.slice(0, text.lastIndexOf("\n") + 1);

/**
 * The configuration with each of its outputs replaced. What Fluent Bit itself does with an output (match, retries,
 * limits) stays as it is.
 */
function withOutputs(text: string, output: (match: string) => Plugin): string {
  return text.includes("[SERVICE]") ? classicWithOutputs(text, output) : yamlWithOutputs(text, output);
}

const isOfEngine = (property: string) => /^(match|retry_limit|storage\..*)$/i.test(property);

function yamlWithOutputs(text: string, output: (match: string) => Plugin): string {
  const configuration = parse(text) as { service: Row; pipeline: { outputs: Plugin[] } };
  configuration.pipeline.outputs = configuration.pipeline.outputs.map((shippedOutput) => ({
    ...output(shippedOutput.match as string),
    ...Object.fromEntries(Object.entries(shippedOutput).filter(([property]) => isOfEngine(property))),
  }));
  Object.assign(configuration.service, { flush: 0.5, http_server: "off", health_check: "off" });
  return stringify(configuration);
}

function classicWithOutputs(text: string, output: (match: string) => Plugin): string {
  return text
    .replace(/^( +Flush +).*/m, "$10.5")
    .replace(/^( +HTTP_Server +).*/m, "$1Off")
    .replace(/^( +Health_Check +).*/m, "$1Off")
    .replace("    Mem_Buf_Limit ", "    Read_From_Head On\n    Mem_Buf_Limit ")
    .replace(/^ +Name +kubernetes$/m, "$&\n    Dummy_Meta On")
    .replace(/^\[OUTPUT\]\n((?: +.*\n)*)/gm, (_, properties: string) => {
      const lines = properties.trimEnd().split("\n");
      const kept = lines.filter((line) => isOfEngine(line.trim().split(/ +/)[0]!));
      const match = /^ +Match +(.*)$/m.exec(properties)![1]!;
      const own = Object.entries(output(match)).map(([property, value]) => `    ${property} ${String(value)}`);
      return `[OUTPUT]\n${[...own, ...kept].join("\n")}\n`;
    });
}
