import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { findFluentBit, jsonLines } from "./support/fluent-bit.js";

const fluentBit = findFluentBit();
if (!fluentBit) console.warn("No Fluent Bit: the shipped configurations are not run.");

const root = fileURLToPath(new URL("..", import.meta.url));
const sample = readFileSync(join(root, "fluent-bit/sample/cilium-agent.log"));
const directory = mkdtempSync(join(tmpdir(), "hubble-adx-"));
afterAll(() => rmSync(directory, { recursive: true }));

const environment = {
  ...process.env,
  ADX_INGESTION_ENDPOINT: "https://ingest-cluster.westeurope.kusto.windows.net",
  AZURE_TENANT_ID: "00000000-0000-0000-0000-000000000000",
  AZURE_CLIENT_ID: "00000000-0000-0000-0000-000000000000",
  AZURE_CLIENT_SECRET: "secret",
  CLUSTER: "aks-1",
  REGION: "westeurope",
};

/**
 * Copies a shipped configuration with its paths led into a folder that holds the sample as the log of an agent's
 * container. `output` replaces what names the azure_kusto outputs.
 */
function place(file: string, replace: (text: string) => string): string {
  const home = join(directory, file.replace(/\W/g, "-"));
  const containers = join(home, "containers");
  mkdirSync(join(home, "state"), { recursive: true });
  mkdirSync(containers, { recursive: true });
  cpSync(join(root, "fluent-bit/parsers.conf"), join(home, "parsers.conf"));
  writeFileSync(join(containers, "cilium-x7k2p_kube-system_cilium-agent-0123456789abcdef.log"), sample);
  writeFileSync(
    join(containers, "shop_default_shop-0123456789abcdef.log"),
    "2026-03-04T09:14:03.080016500Z stdout F hello\n",
  );
  const text = readFileSync(join(root, "fluent-bit", file), "utf8")
    .replaceAll("/var/log/containers", containers)
    .replaceAll(/\/var\/lib\/(hubble-adx|fluent-bit)/g, join(home, "state"))
    .replaceAll("/fluent-bit/wasm/", join(root, "build/"));
  const placed = join(home, file);
  writeFileSync(placed, replace(text));
  return placed;
}

const files = ["fluent-bit.yaml", "fluent-bit.conf", "with-agent-log.yaml", "existing-pipeline.conf"];
const needsWorkloadIdentity = (file: string) => file !== "existing-pipeline.conf";

describe.skipIf(!fluentBit)(`shipped configurations on Fluent Bit ${fluentBit?.version}`, () => {
  test.each(files)("%s passes --dry-run", (file) => {
    if (needsWorkloadIdentity(file) && /^([23]|4\.0)\./.test(fluentBit!.version)) return;
    const placed = place(file, (text) => text);
    const { stdout, stderr, status } = spawnSync(fluentBit!.path, ["-c", placed, "--dry-run"], {
      env: environment,
      encoding: "utf8",
    });
    expect(stdout + stderr).toContain("configuration test is successful");
    expect(status).toBe(0);
  });

  test.each(files)("%s makes the rows of the sample", { timeout: 90_000 }, async (file) => {
    const placed = place(file, withOutputToStandardOutput);
    const { stdout, stderr } = await runUntil(placed, (text) => {
      const isWhole = text.split('"UUID"').length > 119 && text.includes('"ParseError"');
      return isWhole && (file !== "existing-pipeline.conf" || text.includes('"hello"'));
    });
    const records = jsonLines(stdout);
    const rows = records.filter((record) => "UUID" in record);
    expect(rows.length).toBe(119);
    expect(records.filter((record) => "ParseError" in record)).toHaveLength(1);
    expect(rows.every((row) => !("log" in row))).toBe(true);
    expect(stderr).not.toMatch(/\[error\]|filter:wasm.*warn/);

    const agentLines = records.filter((record) => typeof record.log === "string");
    expect(agentLines.length > 0).toBe(file === "with-agent-log.yaml");
    if (file === "existing-pipeline.conf") {
      expect(rows.every((row) => row.Cluster === "aks-1" && row.Region === "westeurope")).toBe(true);
      expect(records).toContainEqual(expect.objectContaining({ LogMessage: "hello" }));
    }
  });
});

/** Runs Fluent Bit, which does not end by itself, until it has printed what is waited for, half a minute at the most. */
async function runUntil(file: string, isPrinted: (stdout: string) => boolean) {
  const child = spawn(fluentBit!.path, ["-c", file], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (isPrinted(stdout)) child.kill("SIGTERM");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const deadline = setTimeout(() => child.kill("SIGTERM"), 30_000);
  await new Promise((resolve) => child.on("close", resolve));
  clearTimeout(deadline);
  return { stdout, stderr };
}

/** The configuration with its azure_kusto outputs, and a filter that asks the Kubernetes API, taken out. */
function withOutputToStandardOutput(text: string): string {
  const toStandardOutput = text.startsWith("#") && text.includes("pipeline:\n") ? yamlOutput : classicOutput;
  return toStandardOutput(text)
    .replace(/flush(:?)( +)15/i, "flush$1$20.5")
    .replace("    Mem_Buf_Limit ", "    Read_From_Head On\n    Mem_Buf_Limit ");
}

function yamlOutput(text: string): string {
  // One output for all: two would print into each other's lines.
  return text.replace(/ {2}outputs:\n[^]*$/, '  outputs:\n    - { name: stdout, match: "*", format: json_lines }\n');
}

function classicOutput(text: string): string {
  return text
    .split(/\n(?=\[)/)
    .filter((section) => !/^\[FILTER\]\n\s+Name\s+kubernetes/.test(section))
    .filter((section) => !section.startsWith("[OUTPUT]"))
    .concat("[OUTPUT]\n    Name stdout\n    Match *\n    Format json_lines\n")
    .join("\n");
}
